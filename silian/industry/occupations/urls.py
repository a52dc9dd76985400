from django.urls import path

from silian.industry.occupations import views

app_name = "occupations"
urlpatterns = [
    path("", views.skill_index, name="skill_index"),
    path("new/", views.skill_new, name="skill_new"),
    path("<int:pk>/", views.skill_detail, name="skill_detail"),
    path("<int:pk>/edit/", views.skill_edit, name="skill_edit"),
    path("<int:pk>/merge/", views.skill_merge, name="skill_merge"),
]
