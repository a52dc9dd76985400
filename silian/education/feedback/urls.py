from django.urls import path

from silian.education.feedback import views

app_name = "feedback"
urlpatterns = [
    path("sessions/<int:pk>/satisfaction/", views.fill, name="fill"),
    path("sessions/<int:pk>/satisfaction/results/", views.results, name="results"),
]
