from django.urls import path

from silian.governance.bodies import views

app_name = "bodies"
urlpatterns = [
    path("", views.body_index, name="body_index"),
    path("<int:pk>/", views.body_detail, name="body_detail"),
]
