from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.mentoring import views
from silian.talent.profiles.sightings import pages

HOURS = "<int:pk>/mentors/hours/"
STATEMENT = "<int:pk>/mentors/statement/"

app_name = "mentoring"
pages[app_name] = gettext_noop("Hours with my mentors")
urlpatterns = [
    path("<int:pk>/mentors/", views.mentor_index, name="mentor_index"),
    path("<int:pk>/mentors/new/", views.mentor_new, name="mentor_new"),
    path(HOURS, views.hours_index, name="hours_index"),
    path(f"{HOURS}confirm/", views.hours_confirm_all, name="hours_confirm_all"),
    path(f"{HOURS}<int:key>/", views.hours_detail, name="hours_detail"),
    path(f"{HOURS}<int:key>/confirm/", views.hours_confirm, name="hours_confirm"),
    path(f"{HOURS}<int:key>/object/", views.hours_object, name="hours_object"),
    path(f"{HOURS}<int:key>/correct/", views.hours_correct, name="hours_correct"),
    path(STATEMENT, views.statement, name="statement"),
    path(f"{STATEMENT}<int:year>-<int:number>/", views.statement, name="statement_of"),
    path(f"{STATEMENT}<int:year>-<int:number>.pdf", views.statement_pdf, name="statement_pdf"),
    path("<int:pk>/mentors/<int:key>/", views.mentor_detail, name="mentor_detail"),
    path("<int:pk>/mentors/<int:key>/edit/", views.mentor_edit, name="mentor_edit"),
    path("<int:pk>/mentors/<int:key>/hours/", views.hours_new, name="hours_new"),
]
