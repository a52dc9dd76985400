from django.urls import path

from silian.governance.signing import views

app_name = "signing"
urlpatterns = [
    path("", views.signing_index, name="signing_index"),
    path("agreement/<int:pk>/", views.signing_prepare, name="signing_prepare"),
    path("agreement/<int:pk>/latest/", views.signing_latest, name="signing_latest"),
    path("agreement/<int:pk>/thaw/", views.signing_thaw, name="signing_thaw"),
    path("<int:pk>/", views.signing_detail, name="signing_detail"),
    path("<int:pk>/open/", views.signing_open, name="signing_open"),
    path("<int:pk>/deadline/", views.signing_deadline, name="signing_deadline"),
    path("<int:pk>/withdraw/", views.signing_withdraw, name="signing_withdraw"),
    path("<int:pk>/document/", views.signing_document, name="signing_document"),
    path("signatory/<int:pk>/remind/", views.remind, name="remind"),
    path("signatory/<int:pk>/replace/", views.replace, name="replace"),
]
