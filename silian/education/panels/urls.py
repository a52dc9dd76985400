from django.urls import path

from silian.education.panels import views

app_name = "panels"
urlpatterns = [
    path("<int:pk>/parts/<slug:part>/", views.part, name="part"),
    path("<int:pk>/parts/<slug:part>/check/", views.part_check, name="part_check"),
    path("<int:pk>/parts/<slug:part>/<int:entry>/", views.given, name="given"),
    path("<int:pk>/entries/<int:entry>/exemptions/new/", views.exemption_new, name="exemption_new"),
    path(
        "<int:pk>/entries/<int:entry>/exemptions/<slug:part>/remove/",
        views.exemption_remove,
        name="exemption_remove",
    ),
    path("<int:pk>/panel/", views.panel, name="panel"),
    path("<int:pk>/panel/new/", views.seat_new, name="seat_new"),
    path("<int:pk>/panel/<int:seat>/remove/", views.seat_remove, name="seat_remove"),
    path("<int:pk>/review/", views.review_index, name="review_index"),
    path("<int:pk>/review/<int:entry>/", views.review, name="review"),
]
