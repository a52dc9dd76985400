from django.urls import path

from silian.kernel.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.job_index, name="job_index"),
    path("jobs/<int:pk>/", views.job_detail, name="job_detail"),
    path("jobs/<int:pk>/progress/", views.progress, name="progress"),
    path("system/jobs/", views.queue_index, name="queue_index"),
    path("system/jobs/<int:pk>/", views.queued, name="queued"),
    path("system/jobs/<int:pk>/retry/", views.retry, name="retry"),
]
