from django.urls import path

from silian.talent.recommendations import views

app_name = "recommendations"
urlpatterns = [
    path("me/recommendations/", views.own_recommendations, name="own_recommendations"),
    path(
        "<consortium:consortium>/demand/<int:pk>/programmes/",
        views.fitting_programmes,
        name="fitting_programmes",
    ),
]
