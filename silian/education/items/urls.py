from django.urls import path

from silian.education.items import views

ITEM = "<int:pk>/"
PARTS = f"{ITEM}parts/"

app_name = "items"
urlpatterns = [
    path("", views.item_index, name="item_index"),
    path("decide/", views.items_decide, name="items_decide"),
    path("new/", views.item_kinds, name="item_kinds"),
    path("new/<slug:kind>/", views.item_new, name="item_new"),
    path(ITEM, views.item_detail, name="item_detail"),
    path(f"{ITEM}versions/<int:number>/", views.item_detail, name="version_detail"),
    path(f"{ITEM}edit/", views.item_edit, name="item_edit"),
    path(f"{PARTS}<slug:kind>/", views.part_new, name="part_new"),
    path(f"{PARTS}<int:part>/edit/", views.part_edit, name="part_edit"),
    path(f"{PARTS}<int:part>/remove/", views.part_remove, name="part_remove"),
    path(f"{ITEM}pictures/<int:key>/", views.picture, name="picture"),
    path(f"{ITEM}act/<slug:verb>/", views.item_act, name="item_act"),
]
