from django.urls import include, path

from silian.education.answering import views
from silian.kernel.ui.views import offline_worker

app_name = "answering"
of_a_room = [
    path("", views.console, name="console"),
    path("seats/", views.console_seats, name="console_seats"),
    path("minutes/", views.room_minutes, name="room_minutes"),
    path("incidents/", views.incident_new, name="incident_new"),
    path("candidates/<int:candidate>/admit/", views.candidate_admit, name="candidate_admit"),
    path("candidates/<int:candidate>/", views.desk, name="desk"),
    path("candidates/<int:candidate>/device/", views.device_allow, name="device_allow"),
    path("candidates/<int:candidate>/minutes/", views.candidate_minutes, name="candidate_minutes"),
    path("candidates/<int:candidate>/take-in/", views.candidate_take_in, name="candidate_take_in"),
    path("candidates/<int:candidate>/late/", views.late_admit, name="late_admit"),
]
urlpatterns = [
    path("sit/", views.sit, name="sit"),
    path("sit/worker.js", offline_worker, name="worker"),
    path("sit/pictures/<str:token>/", views.picture, name="picture"),
    path("<consortium:consortium>/exams/<int:pk>/rooms/<int:room>/", include(of_a_room)),
]
