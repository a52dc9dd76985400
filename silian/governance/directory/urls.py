from django.urls import path

from silian.governance.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.organisation_index, name="organisation_index"),
    path("new/", views.organisation_new, name="organisation_new"),
    path("search/", views.organisation_search, name="organisation_search"),
    path("doubles/", views.double_index, name="double_index"),
    path("doubles/<int:pk>/part/", views.part, name="part"),
    path("<int:pk>/", views.organisation_detail, name="organisation_detail"),
    path("<int:pk>/edit/", views.organisation_edit, name="organisation_edit"),
    path("<int:pk>/people/", views.organisation_people, name="organisation_people"),
    path("<int:pk>/merge/", views.merge_choose, name="merge_choose"),
    path("<int:pk>/merge/<int:other>/", views.merge, name="merge"),
]
