from django.urls import path

from silian.kernel.calendars import views

app_name = "calendars"
urlpatterns = [
    path("", views.my_calendar, name="my_calendar"),
    path("events/", views.my_events, name="my_events"),
    path("address/", views.feed_open, name="feed_open"),
    path("address/withdraw/", views.feed_close, name="feed_close"),
    path("<str:token>.ics", views.feed, name="feed"),
]
