from django.urls import path

from silian.education.schemes import views

app_name = "schemes"
urlpatterns = [
    path("rules/", views.scheme_index, name="scheme_index"),
    path("rules/new/", views.scheme_new, name="scheme_new"),
    path("rules/<int:pk>/", views.scheme_edit, name="scheme_edit"),
    path("rules/<int:pk>/remove/", views.scheme_remove, name="scheme_remove"),
]
