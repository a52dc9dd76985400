from django.urls import path

from silian.talent.contracts import views

app_name = "contracts"
urlpatterns = [path("<int:pk>/offer/", views.offer, name="offer")]
