from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.profiles.sightings import pages
from silian.talent.settlements import views

SETTLEMENT = "<int:pk>/settlements/<int:key>/"

app_name = "settlements"
pages[app_name] = gettext_noop("Settlement of my cohort")
urlpatterns = [
    path("settlements/", views.settlement_index, name="settlement_index"),
    path("<int:pk>/promises/", views.promise_index, name="promise_index"),
    path("<int:pk>/promises/new/", views.promise_new, name="promise_new"),
    path("<int:pk>/promises/<int:key>/", views.promise_edit, name="promise_edit"),
    path("<int:pk>/promises/<int:key>/remove/", views.promise_remove, name="promise_remove"),
    path("<int:pk>/settlements/new/", views.settlement_make, name="settlement_make"),
    path(SETTLEMENT, views.settlement_detail, name="settlement_detail"),
    path(f"{SETTLEMENT}correct/", views.settlement_correct, name="settlement_correct"),
    path(f"{SETTLEMENT}pdf/", views.settlement_pdf, name="settlement_pdf"),
    path(f"{SETTLEMENT}answer/<slug:said>/", views.settlement_answer, name="settlement_answer"),
]
