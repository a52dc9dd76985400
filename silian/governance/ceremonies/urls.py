from django.urls import path

from silian.governance.ceremonies import views

app_name = "ceremonies"
urlpatterns = [
    path("", views.ceremony_index, name="ceremony_index"),
    path("item/<int:pk>/", views.item_ceremony, name="item_ceremony"),
    path("item/<int:pk>/prepare/", views.ceremony_prepare, name="ceremony_prepare"),
    path("<int:pk>/", views.ceremony_detail, name="ceremony_detail"),
    path("<int:pk>/start/", views.ceremony_start, name="ceremony_start"),
    path("<int:pk>/next/", views.ceremony_next, name="ceremony_next"),
    path("<int:pk>/back/", views.ceremony_back, name="ceremony_back"),
    path("<int:pk>/finish/", views.ceremony_finish, name="ceremony_finish"),
    path("<int:pk>/screen/", views.screen, name="screen"),
    path("<int:pk>/protocol/", views.protocol, name="protocol"),
]
