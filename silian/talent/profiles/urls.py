from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.profiles import views
from silian.talent.profiles.sightings import pages

STUDENTS = "organisations/<int:school_id>/students/"

app_name = "profiles"
pages[app_name] = gettext_noop("Roster of the school")
urlpatterns = [
    path(STUDENTS, views.student_index, name="student_index"),
    path(f"{STUDENTS}new/", views.student_new, name="student_new"),
    path(f"{STUDENTS}invite/", views.students_invite, name="students_invite"),
    path(f"{STUDENTS}<int:pk>/", views.student_detail, name="student_detail"),
    path(f"{STUDENTS}<int:pk>/edit/", views.student_edit, name="student_edit"),
    path(f"{STUDENTS}<int:pk>/invite/", views.student_invite, name="student_invite"),
    path(f"{STUDENTS}<int:pk>/graduate/", views.student_graduate, name="student_graduate"),
    path(f"{STUDENTS}<int:pk>/leave/", views.student_leave, name="student_leave"),
    path("people/compared/", views.doubt_index, name="doubt_index"),
    path("people/compared/<int:pk>/together/", views.doubt_together, name="doubt_together"),
    path("people/compared/<int:pk>/apart/", views.doubt_apart, name="doubt_apart"),
]
