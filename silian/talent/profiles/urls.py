from django.urls import path

from silian.talent.profiles import views

STUDENTS = "organisations/<int:school_id>/students/"

app_name = "profiles"
urlpatterns = [
    path(STUDENTS, views.student_index, name="student_index"),
    path(f"{STUDENTS}new/", views.student_new, name="student_new"),
    path(f"{STUDENTS}invite/", views.students_invite, name="students_invite"),
    path(f"{STUDENTS}<int:pk>/", views.student_detail, name="student_detail"),
    path(f"{STUDENTS}<int:pk>/edit/", views.student_edit, name="student_edit"),
    path(f"{STUDENTS}<int:pk>/invite/", views.student_invite, name="student_invite"),
    path(f"{STUDENTS}<int:pk>/graduate/", views.student_graduate, name="student_graduate"),
    path(f"{STUDENTS}<int:pk>/leave/", views.student_leave, name="student_leave"),
]
