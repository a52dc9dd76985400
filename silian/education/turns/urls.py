from django.urls import path

from silian.education.turns import views

app_name = "turns"
urlpatterns = [
    path("me/practicals/", views.mine, name="mine"),
]
