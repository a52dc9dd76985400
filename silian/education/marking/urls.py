from django.urls import include, path

from silian.education.marking import views

app_name = "marking"
at_the_desk = [
    path("", views.desk, name="desk"),
    path("<int:question>/", views.mark_next, name="mark_next"),
    path("<int:question>/given/", views.given, name="given"),
    path("marks/<int:mark>/", views.mark_change, name="mark_change"),
    path("marks/<int:mark>/back/", views.mark_back, name="mark_back"),
]
urlpatterns = [
    path("me/marking/", views.mine, name="mine"),
    path("<consortium:consortium>/exams/<int:pk>/marking/desk/", include(at_the_desk)),
]
