from django.urls import path

from silian.kernel.notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notice_index, name="notice_index"),
    path("notices/read/", views.notice_read_all, name="notice_read_all"),
    path("notices/<int:pk>/", views.notice_open, name="notice_open"),
    path("notices/<int:pk>/read/", views.notice_read, name="notice_read"),
    path("todo/", views.todo_list, name="todo_list"),
    path("todo/count/", views.todo_count, name="todo_count"),
]
