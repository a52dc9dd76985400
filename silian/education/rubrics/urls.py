from django.urls import include, path

from silian.education.rubrics import views

app_name = "rubrics"
of_a_station = [
    path("new/", views.criterion_new, name="criterion_new"),
    path("<int:criterion>/edit/", views.criterion_edit, name="criterion_edit"),
    path("<int:criterion>/remove/", views.criterion_remove, name="criterion_remove"),
]
urlpatterns = [
    path(
        "<consortium:consortium>/practicals/<int:pk>/stations/<int:station>/criteria/",
        include(of_a_station),
    ),
]
