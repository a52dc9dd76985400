from django.urls import path

from silian.kernel.tokens import views

app_name = "tokens"
urlpatterns = [
    path("", views.token_list, name="token_list"),
    path("<int:pk>/withdraw/", views.token_withdraw, name="token_withdraw"),
]
