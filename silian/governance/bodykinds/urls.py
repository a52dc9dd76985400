from django.urls import path

from silian.governance.bodykinds import views

app_name = "bodykinds"
urlpatterns = [
    path("", views.kind_index, name="kind_index"),
    path("new/", views.kind_new, name="kind_new"),
    path("<slug:code>/", views.kind_detail, name="kind_detail"),
    path("<slug:code>/edit/", views.kind_edit, name="kind_edit"),
]
