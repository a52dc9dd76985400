from django.urls import path

from silian.education.judging import door, views
from silian.kernel.ui.views import offline_worker

app_name = "judging"
urlpatterns = [
    path("judge/", views.mine, name="mine"),
    path("judge/worker.js", offline_worker, name="worker"),
    path("judge/<int:pk>/", views.station, name="station"),
    path("judge/<int:pk>/open/", door.station_open, name="station_open"),
    path("judge/<int:pk>/lines/", door.lines_keep, name="lines_keep"),
    path("judge/<int:pk>/photos/", door.photo_keep, name="photo_keep"),
    path("judge/<int:pk>/sign/", door.sheet_sign, name="sheet_sign"),
    path("<consortium:consortium>/scores/photos/<int:pk>/", views.photo, name="photo"),
]
