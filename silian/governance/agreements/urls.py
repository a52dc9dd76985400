from django.urls import path

from silian.governance.agreements import views

app_name = "agreements"
urlpatterns = [
    path("", views.agreement_index, name="agreement_index"),
    path("<int:pk>/", views.agreement_detail, name="agreement_detail"),
    path("<int:pk>/document/", views.agreement_document, name="agreement_document"),
    path("<int:pk>/register/", views.agreement_register, name="agreement_register"),
    path("<int:pk>/end/", views.agreement_end, name="agreement_end"),
]
