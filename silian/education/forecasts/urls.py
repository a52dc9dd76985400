from django.urls import path

from silian.education.forecasts import views

app_name = "forecasts"
urlpatterns = [
    path("", views.side_index, name="side_index"),
    path("occupations/<str:code>/", views.occupation, name="occupation"),
    path("programmes/<int:pk>/", views.programme, name="programme"),
    path("programmes/<int:pk>/shares/", views.shares, name="shares"),
]
