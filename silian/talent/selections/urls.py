from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.profiles.sightings import pages
from silian.talent.selections import views

LEARNER = "<int:pk>/learners/<int:learner>/"

app_name = "selections"
pages[app_name] = gettext_noop("My application to a cohort")
urlpatterns = [
    path("mine/", views.my_places, name="my_places"),
    path("<int:pk>/apply/", views.apply, name="apply"),
    path("<int:pk>/selection/", views.desk, name="desk"),
    path("<int:pk>/selection/choose/", views.choose, name="choose"),
    path("<int:pk>/selection/fill/", views.fill, name="fill"),
    path("<int:pk>/selection/interviews/", views.interviews, name="interviews"),
    path("<int:pk>/selection/placements/", views.placements_import, name="placements_import"),
    path(LEARNER, views.learner_detail, name="learner_detail"),
    path(f"{LEARNER}leave/", views.learner_leave, name="learner_leave"),
    path(f"{LEARNER}consent/<slug:given>/", views.learner_consent, name="learner_consent"),
]
