from django.urls import path

from silian.education.requests import views

app_name = "requests"
urlpatterns = [
    path("requests/", views.inbox, name="inbox"),
    path("<int:pk>/requests/", views.request_index, name="request_index"),
    path("<int:pk>/requests/new/", views.request_new, name="request_new"),
    path("<int:pk>/requests/<int:asked>/", views.request_detail, name="request_detail"),
]
