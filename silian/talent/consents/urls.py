from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.consents import views
from silian.talent.profiles.sightings import pages

QUESTIONS = "organisations/<int:school_id>/guardians/"

app_name = "consents"
pages[app_name] = gettext_noop("What I allow")
urlpatterns = [
    path("me/consents/", views.consent_index, name="consent_index"),
    path("me/consents/find/", views.recipient_index, name="recipient_index"),
    path("me/consents/<str:purpose>/give/", views.consent_give, name="consent_give"),
    path("me/consents/<int:pk>/withdraw/", views.consent_withdraw, name="consent_withdraw"),
    path("me/views/", views.view_index, name="view_index"),
    path("guardian/<str:token>/", views.guardian, name="guardian"),
    path(QUESTIONS, views.question_index, name="question_index"),
    path(f"{QUESTIONS}<int:pk>/scan/", views.question_scan, name="question_scan"),
    path(f"{QUESTIONS}<int:pk>/file/", views.question_file, name="question_file"),
]
