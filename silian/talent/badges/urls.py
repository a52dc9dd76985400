from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.badges import views
from silian.talent.profiles.sightings import pages

app_name = "badges"
pages[app_name] = gettext_noop("My certificate")
urlpatterns = [
    path(".well-known/did.json", views.did_document, name="did_document"),
    path("verify/status/<int:number>/", views.status_list, name="status_list"),
    path("verify/badges/<int:pk>.<str:form>", views.badge, name="badge"),
    path("me/certificates/", views.own_certificates, name="own_certificates"),
]
