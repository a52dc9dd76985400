from django.urls import path

from silian.kernel.accounts import views

app_name = "accounts"
urlpatterns = [
    path("me/account/", views.profile, name="profile"),
]
