from django.urls import path

from silian.industry.freshness import views

app_name = "freshness"
urlpatterns = [
    path("confirmations/", views.confirmations, name="confirmations"),
    path("rhythm/", views.rhythm, name="rhythm"),
]
