from django.urls import path

from silian.education.standards import views

app_name = "standards"
urlpatterns = [
    path("", views.standard_index, name="standard_index"),
    path("desk/", views.standard_desk, name="standard_desk"),
    path("new/", views.standard_new, name="standard_new"),
    path("<int:pk>/", views.standard_detail, name="standard_detail"),
    path("<int:pk>/editions/new/", views.edition_new, name="edition_new"),
]
