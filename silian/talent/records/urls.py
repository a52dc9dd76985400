from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.profiles.sightings import pages
from silian.talent.records import views

app_name = "records"
pages[app_name] = gettext_noop("My record")
urlpatterns = [
    path("me/record/", views.own_record, name="own_record"),
    path("me/record/looking-for/", views.interest_edit, name="interest_edit"),
    path("me/record/<str:kind>/new/", views.entry_new, name="entry_new"),
    path("me/record/<int:pk>/edit/", views.entry_edit, name="entry_edit"),
    path("me/record/<int:pk>/delete/", views.entry_delete, name="entry_delete"),
    path("me/record/<int:pk>/ask/", views.entry_ask, name="entry_ask"),
    path("me/record/<int:pk>/take-back/", views.entry_take_back, name="entry_take_back"),
    path("me/record/<int:pk>/evidence/", views.own_evidence, name="own_evidence"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/evidence/<int:entry>/", views.evidence, name="evidence"),
    path("organisations/<int:side>/records/", views.shared, name="shared"),
    path("organisations/<int:side>/confirmations/", views.to_confirm, name="to_confirm"),
    path(
        "organisations/<int:side>/confirmations/<int:pk>/<str:answer>/",
        views.entry_answer,
        name="entry_answer",
    ),
    path(
        "organisations/<int:side>/confirmations/<int:pk>/",
        views.asked_evidence,
        name="asked_evidence",
    ),
]
