from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.profiles.sightings import pages
from silian.talent.verification import views

app_name = "verification"
pages[app_name] = gettext_noop("My certificate")
urlpatterns = [
    path("", views.check, name="check"),
    path("offline/", views.offline, name="offline"),
    path("offline/download/", views.offline_file, name="offline_file"),
    path("status.json", views.status, name="status"),
    path("papers/<int:pk>.pdf", views.paper, name="paper"),
]
