from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.outcomes import views
from silian.talent.profiles.sightings import pages

app_name = "outcomes"
pages[app_name] = gettext_noop("What became of me")
urlpatterns = [
    path("compare/", views.comparison, name="comparison"),
    path("<int:pk>/result/", views.result, name="result"),
    path("<int:pk>/result/<slug:moment>/", views.enter, name="enter"),
]
