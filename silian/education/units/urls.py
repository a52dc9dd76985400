from django.urls import path

from silian.education.units import views

app_name = "units"
UNITS = "<int:pk>/editions/<int:number>/units"
urlpatterns = [
    path(f"{UNITS}/", views.unit_index, name="unit_index"),
    path(f"{UNITS}/new/", views.unit_new, name="unit_new"),
    path(f"{UNITS}/<int:unit>/", views.unit_edit, name="unit_edit"),
    path(f"{UNITS}/<int:unit>/remove/", views.unit_remove, name="unit_remove"),
    path(f"{UNITS}/<int:unit>/<str:step>/", views.unit_move, name="unit_move"),
]
