from django.urls import path

from silian.education.courses import views

app_name = "courses"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("new/", views.course_new, name="course_new"),
    path("ours/", views.desk, name="desk"),
    path("sessions/", views.session_index, name="session_index"),
    path("calendar/", views.calendar_events, name="calendar_events"),
    path("calendar.ics", views.calendar_feed, name="calendar_feed"),
    path("<int:pk>/", views.course_detail, name="course_detail"),
    path("<int:pk>/edit/", views.course_edit, name="course_edit"),
    path("<int:pk>/do/<slug:verb>/", views.course_act, name="course_act"),
    path("<int:pk>/sessions/new/", views.session_new, name="session_new"),
    path("sessions/<int:pk>/edit/", views.session_edit, name="session_edit"),
    path("sessions/<int:pk>/open/", views.session_open, name="session_open"),
    path("sessions/<int:pk>.ics", views.session_feed, name="session_feed"),
]
