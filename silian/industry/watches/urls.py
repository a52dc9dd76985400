from django.urls import path

from silian.industry.watches import views

app_name = "watches"
urlpatterns = [
    path("", views.watch_index, name="watch_index"),
    path("new/", views.watch_new, name="watch_new"),
    path("<int:pk>/", views.watch_detail, name="watch_detail"),
    path("<int:pk>/edit/", views.watch_edit, name="watch_edit"),
    path("<int:pk>/remove/", views.watch_remove, name="watch_remove"),
]
