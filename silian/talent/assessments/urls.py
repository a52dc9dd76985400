from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.assessments import views
from silian.talent.profiles.sightings import pages

app_name = "assessments"
pages[app_name] = gettext_noop("Marks of my internship")
urlpatterns = [
    path("evidence/<int:unit>/", views.evidence, name="evidence"),
    path("<int:pk>/assessment/", views.assessment, name="assessment"),
    path("<int:pk>/assessment/decide/", views.decide, name="decide"),
    path("<int:pk>/assessment/certificate/", views.certificate, name="certificate"),
]
