from django.urls import path

from silian.industry.releases import views

app_name = "releases"
urlpatterns = [
    path("", views.release_index, name="release_index"),
    path("new/", views.release_new, name="release_new"),
    path("<int:pk>/", views.release_detail, name="release_detail"),
    path("<int:pk>/data.json", views.release_data, name="release_data"),
    path("<int:pk>/paper.<str:ending>", views.release_paper, name="release_paper"),
    path("<int:pk>/edit/", views.release_edit, name="release_edit"),
    path("<int:pk>/lines/<int:line>/", views.line_edit, name="line_edit"),
    path("<int:pk>/recount/", views.release_recount, name="release_recount"),
    path("<int:pk>/publish/", views.release_publish, name="release_publish"),
    path("<int:pk>/correct/", views.release_correct, name="release_correct"),
    path("<int:pk>/drop/", views.release_drop, name="release_drop"),
]
