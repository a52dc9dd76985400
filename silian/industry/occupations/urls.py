from django.urls import path

from silian.industry.occupations import views

app_name = "occupations"
urlpatterns = [
    path("", views.skill_index, name="skill_index"),
    path("new/", views.skill_new, name="skill_new"),
    path("<int:pk>/", views.skill_edit, name="skill_edit"),
]
