from django.urls import path

from silian.education.skillmap import views

app_name = "skillmap"
urlpatterns = [
    path("", views.suggestion_index, name="suggestion_index"),
    path("decided/", views.suggestion_decided, name="suggestion_decided"),
    path("decide/", views.suggestion_decide, name="suggestion_decide"),
    path("<int:pk>/undo/", views.suggestion_undo, name="suggestion_undo"),
    path("read/", views.text_read, name="text_read"),
    path("terms/", views.term_index, name="term_index"),
    path("terms/decided/", views.term_decided, name="term_decided"),
    path("terms/decide/", views.term_decide, name="term_decide"),
    path("terms/<int:pk>/", views.term_detail, name="term_detail"),
    path("terms/<int:pk>/undo/", views.term_undo, name="term_undo"),
]
