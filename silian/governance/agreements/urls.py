from django.urls import path

from silian.governance.agreements import views

app_name = "agreements"
urlpatterns = [
    path("", views.agreement_index, name="agreement_index"),
    path("<int:pk>/", views.agreement_detail, name="agreement_detail"),
]
