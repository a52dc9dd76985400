from django.urls import path

from silian.kernel.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.components, name="components"),
    path("events/", views.events, name="events"),
]
