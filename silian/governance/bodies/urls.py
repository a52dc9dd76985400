from django.urls import path

from silian.governance.bodies import views

app_name = "bodies"
urlpatterns = [
    path("", views.body_index, name="body_index"),
    path("new/", views.body_new, name="body_new"),
    path("<int:pk>/", views.body_detail, name="body_detail"),
    path("<int:pk>/edit/", views.body_edit, name="body_edit"),
    path("<int:pk>/found/", views.body_found, name="body_found"),
    path("<int:pk>/plaque/", views.body_plaque, name="body_plaque"),
    path("<int:pk>/close/", views.body_close, name="body_close"),
]
