from django.urls import path

from silian.governance.votes import views

app_name = "votes"
urlpatterns = [
    path("correspondence/", views.letter_index, name="letter_index"),
    path("<int:pk>/", views.vote, name="vote"),
    path("<int:pk>/put/", views.put, name="put"),
    path("<int:pk>/cast/", views.cast, name="cast"),
    path("<int:pk>/roll/", views.roll, name="roll"),
    path("<int:pk>/hands/", views.hands, name="hands"),
    path("<int:pk>/close/", views.close, name="close"),
    path("<int:pk>/call-off/", views.call_off, name="call_off"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/screen/", views.screen, name="screen"),
]
