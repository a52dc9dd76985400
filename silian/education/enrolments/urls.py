from django.urls import path

from silian.education.enrolments import views

HERE = "<consortium:consortium>/courses/"
SESSION = f"{HERE}sessions/<int:pk>/"
ENROLMENT = f"{HERE}enrolments/<int:pk>/"

app_name = "enrolments"
urlpatterns = [
    path("me/training/", views.my_training, name="my_training"),
    path(SESSION, views.session_detail, name="session_detail"),
    path(f"{SESSION}start/", views.session_start, name="session_start"),
    path(f"{SESSION}cancel/", views.session_cancel, name="session_cancel"),
    path(f"{SESSION}enrol/", views.enrol, name="enrol"),
    path(f"{SESSION}enrol/<int:firm>/", views.enrol_people, name="enrol_people"),
    path(f"{SESSION}learners/", views.learner_index, name="learner_index"),
    path(ENROLMENT, views.enrolment_detail, name="enrolment_detail"),
    path(f"{ENROLMENT}cancel/", views.enrolment_cancel, name="enrolment_cancel"),
]
