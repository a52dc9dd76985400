from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.cohorts import views
from silian.talent.profiles.sightings import pages

app_name = "cohorts"
pages[app_name] = gettext_noop("My cohort")
urlpatterns = [
    path("", views.cohort_index, name="cohort_index"),
    path("new/", views.cohort_new, name="cohort_new"),
    path("<int:pk>/", views.cohort_detail, name="cohort_detail"),
    path("<int:pk>/edit/", views.cohort_edit, name="cohort_edit"),
    path("<int:pk>/warnings/<str:rule>/", views.warning_pass, name="warning_pass"),
    path("<int:pk>/do/<slug:verb>/", views.cohort_act, name="cohort_act"),
]
