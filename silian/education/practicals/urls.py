from django.urls import URLPattern, URLResolver, include, path

from silian.education.practicals import views

app_name = "practicals"
of_a_station = [
    path("", views.station_detail, name="station_detail"),
    path("edit/", views.station_edit, name="station_edit"),
    path("remove/", views.station_remove, name="station_remove"),
    path("panel/", views.panel_edit, name="panel_edit"),
]
of_an_exam: list[URLPattern | URLResolver] = [
    path("", views.practical_detail, name="practical_detail"),
    path("edit/", views.practical_edit, name="practical_edit"),
    path("do/<slug:verb>/", views.practical_act, name="practical_act"),
    path("copy/", views.stations_copy, name="stations_copy"),
    path("stations/new/", views.station_new, name="station_new"),
    path("stations/<int:station>/", include(of_a_station)),
]
urlpatterns = [
    path("<consortium:consortium>/practicals/", views.practical_index, name="practical_index"),
    path("<consortium:consortium>/practicals/new/", views.practical_new, name="practical_new"),
    path("<consortium:consortium>/practicals/<int:pk>/", include(of_an_exam)),
]
