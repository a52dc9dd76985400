from django.urls import path

from silian.education.coursework import views

app_name = "coursework"
urlpatterns = [
    path("sessions/<int:pk>/work/", views.work_index, name="work_index"),
    path("sessions/<int:pk>/materials/new/", views.material_new, name="material_new"),
    path("sessions/<int:pk>/materials/<int:material>/", views.material_file, name="material_file"),
    path(
        "sessions/<int:pk>/materials/<int:material>/remove/",
        views.material_remove,
        name="material_remove",
    ),
    path("sessions/<int:pk>/homework/new/", views.task_new, name="task_new"),
    path("sessions/<int:pk>/homework/<int:task>/", views.task_detail, name="task_detail"),
    path("sessions/<int:pk>/homework/<int:task>/edit/", views.task_edit, name="task_edit"),
    path("sessions/<int:pk>/homework/<int:task>/remove/", views.task_remove, name="task_remove"),
    path(
        "sessions/<int:pk>/handed-in/<int:submission>/",
        views.submission_detail,
        name="submission_detail",
    ),
    path(
        "sessions/<int:pk>/handed-in/<int:submission>/back/",
        views.submission_give_back,
        name="submission_give_back",
    ),
    path(
        "sessions/<int:pk>/handed-in/<int:submission>/files/<int:attachment>/",
        views.attachment_file,
        name="attachment_file",
    ),
]
