from django.urls import path

from silian.education.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.file_index, name="file_index"),
    path("new/", views.arrival_new, name="arrival_new"),
    path("export/", views.export, name="export"),
    path("<int:pk>/", views.arrival_detail, name="arrival_detail"),
    path("<int:pk>/take/", views.arrival_take, name="arrival_take"),
]
