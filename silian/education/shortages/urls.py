from django.urls import path

from silian.education.shortages import views

app_name = "shortages"
urlpatterns = [
    path("", views.catalogue_index, name="catalogue_index"),
    path("new/", views.catalogue_new, name="catalogue_new"),
    path("formula/", views.formula_edit, name="formula_edit"),
    path("<int:pk>/", views.catalogue_detail, name="catalogue_detail"),
    path("<int:pk>/data.json", views.catalogue_data, name="catalogue_data"),
    path("<int:pk>/paper.<str:ending>", views.catalogue_paper, name="catalogue_paper"),
    path("<int:pk>/edit/", views.catalogue_edit, name="catalogue_edit"),
    path("<int:pk>/correct/", views.catalogue_correct, name="catalogue_correct"),
    path("entries/<int:pk>/", views.entry_detail, name="entry_detail"),
    path("entries/<int:pk>/adjust/", views.entry_adjust, name="entry_adjust"),
    path("<int:pk>/<slug:verb>/", views.act, name="act"),
]
