from django.urls import path

from silian.governance.plans import views

app_name = "plans"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("tasks/new/", views.task_new, name="task_new"),
    path("tasks/<int:pk>/", views.task_edit, name="task_edit"),
    path("tasks/<int:pk>/up/", views.task_shift, {"down": False}, name="task_up"),
    path("tasks/<int:pk>/down/", views.task_shift, {"down": True}, name="task_down"),
    path("tasks/<int:pk>/remove/", views.task_remove, name="task_remove"),
    path("targets/new/", views.target_new, name="target_new"),
    path("targets/<int:pk>/", views.target_detail, name="target_detail"),
    path("targets/<int:pk>/edit/", views.target_edit, name="target_edit"),
    path("targets/<int:pk>/report/", views.target_report, name="target_report"),
    path("targets/<int:pk>/remove/", views.target_remove, name="target_remove"),
]
