from django.urls import path

from silian.governance.council import views

app_name = "council"
urlpatterns = [
    path("", views.seat_index, name="seat_index"),
    path("past/", views.past_index, name="past_index"),
    path("roster/", views.roster, name="roster"),
    path("raise/", views.seats_raise, name="seats_raise"),
    path("postpone/", views.postpone, name="postpone"),
    path("grades/", views.grades, name="grades"),
    path("seats/<int:pk>/", views.seat_detail, name="seat_detail"),
    path("seats/<int:pk>/fill/", views.seat_fill, name="seat_fill"),
    path("terms/<int:pk>/<slug:verb>/", views.term_end, name="term_end"),
]
