from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.profiles.sightings import pages
from silian.talent.rotations import views

app_name = "rotations"
pages[app_name] = gettext_noop("My groups and phases")
urlpatterns = [
    path("<int:pk>/plan/", views.plan, name="plan"),
    path("<int:pk>/plan/events/", views.events, name="events"),
    path("<int:pk>/plan/rotation/", views.stay_index, name="stay_index"),
    path("<int:pk>/plan/rotate/", views.rotate, name="rotate"),
    path("<int:pk>/plan/<slug:part>/new/", views.part_new, name="part_new"),
    path("<int:pk>/plan/<slug:part>/<int:key>/", views.part_edit, name="part_edit"),
    path("<int:pk>/plan/<slug:part>/<int:key>/remove/", views.part_remove, name="part_remove"),
]
