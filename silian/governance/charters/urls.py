from django.urls import path

from silian.governance.charters import views

app_name = "charters"
urlpatterns = [
    path("", views.charter_list, name="charter_list"),
    path("<int:version>/", views.charter_detail, name="charter_detail"),
    path("new/", views.charter_new, name="charter_new"),
    path("compare/", views.charter_compare, name="charter_compare"),
    path("samples/<slug:name>/", views.sample_detail, name="sample_detail"),
]
