from django.urls import path

from silian.talent.keyring import views

app_name = "keyring"
urlpatterns = [
    path("", views.key_index, name="key_index"),
    path("replace/", views.key_replace, name="key_replace"),
    path("<int:pk>/withdraw/", views.key_withdraw, name="key_withdraw"),
]
