from django.urls import path

from silian.talent.rounds import views

app_name = "rounds"
urlpatterns = [
    path("", views.round_index, name="round_index"),
    path("new/", views.round_new, name="round_new"),
    path("<int:pk>/", views.round_detail, name="round_detail"),
    path("<int:pk>/edit/", views.round_edit, name="round_edit"),
    path("<int:pk>/seats/", views.round_seats, name="round_seats"),
    path("<int:pk>/seats/all/", views.round_seats_all, name="round_seats_all"),
    path("<int:pk>/timetable/", views.round_timetable, name="round_timetable"),
    path("<int:pk>/open/", views.round_open, name="round_open"),
    path("<int:pk>/cancel/", views.round_cancel, name="round_cancel"),
    path("<int:pk>/round.ics", views.round_calendar, name="round_calendar"),
]
