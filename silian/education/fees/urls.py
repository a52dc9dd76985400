from django.urls import path

from silian.education.fees import views

app_name = "fees"
urlpatterns = [
    path("sessions/<int:pk>/fees/", views.fee_index, name="fee_index"),
    path("sessions/<int:pk>/fees/receive/", views.fees_receive, name="fees_receive"),
    path("receipts/<int:pk>.pdf", views.receipt_paper, name="receipt_paper"),
    path("enrolments/<int:pk>/pay/<slug:method>/", views.pay, name="pay"),
]
