from django.urls import path

from silian.industry.enterprises import views

app_name = "enterprises"
urlpatterns = [
    path("", views.enterprise_index, name="enterprise_index"),
    path("<int:pk>/", views.profile_edit, name="profile_edit"),
]
