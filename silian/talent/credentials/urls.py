from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.credentials import views
from silian.talent.profiles.sightings import pages

app_name = "credentials"
pages[app_name] = gettext_noop("My certificate")
urlpatterns = [
    path("register/", views.certificate_index, name="certificate_index"),
    path("<int:pk>/", views.certificate_detail, name="certificate_detail"),
    path("<int:pk>/correct/", views.certificate_correct, name="certificate_correct"),
    path("<int:pk>/do/<slug:verb>/", views.certificate_act, name="certificate_act"),
    path("", views.kind_index, name="kind_index"),
    path("kinds/new/", views.kind_new, name="kind_new"),
    path("kinds/<int:pk>/", views.kind_detail, name="kind_detail"),
    path("kinds/<int:pk>/edit/", views.kind_edit, name="kind_edit"),
    path("kinds/<int:pk>/retire/", views.kind_retire, name="kind_retire"),
    path("officers/", views.officer_index, name="officer_index"),
    path("officers/<int:pk>/dismiss/", views.officer_dismiss, name="officer_dismiss"),
]
