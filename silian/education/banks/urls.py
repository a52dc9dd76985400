from django.urls import path

from silian.education.banks import views

app_name = "banks"
urlpatterns = [
    path("", views.bank_index, name="bank_index"),
    path("new/", views.bank_new, name="bank_new"),
    path("<int:pk>/", views.bank_detail, name="bank_detail"),
    path("<int:pk>/seats/<int:key>/end/", views.seat_end, name="seat_end"),
]
