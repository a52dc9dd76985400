from django.urls import path

from silian.governance.agreements import views

app_name = "agreements"
urlpatterns = [
    path("", views.agreement_index, name="agreement_index"),
    path("new/", views.agreement_new, name="agreement_new"),
    path("<int:pk>/", views.agreement_detail, name="agreement_detail"),
    path("<int:pk>/edit/", views.agreement_edit, name="agreement_edit"),
    path("<int:pk>/sign/", views.agreement_sign, name="agreement_sign"),
    path("<int:pk>/end/", views.agreement_end, name="agreement_end"),
]
