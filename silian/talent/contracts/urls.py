from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.contracts import views
from silian.talent.profiles.sightings import pages

app_name = "contracts"
pages[app_name] = gettext_noop("Agreement on my internship")
urlpatterns = [path("<int:pk>/offer/", views.offer, name="offer")]
