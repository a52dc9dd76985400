from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.profiles.sightings import pages
from silian.talent.wishes import applicants, views

ROUND = "<int:round_id>/"
SEAT = f"{ROUND}seats/<int:pk>/"

app_name = "wishes"
pages[app_name] = gettext_noop("My application in a round")
urlpatterns = [
    path(f"{ROUND}wishes/", views.wish_list, name="wish_list"),
    path(f"{ROUND}wishes/add/", views.wish_add, name="wish_add"),
    path(f"{ROUND}wishes/confirm/", views.wishes_confirm, name="wishes_confirm"),
    path(f"{ROUND}wishes/consent/<str:given>/", views.wishes_consent, name="wishes_consent"),
    path(f"{ROUND}wishes/<int:pk>/place/", views.wish_place, name="wish_place"),
    path(f"{ROUND}wishes/<int:pk>/remove/", views.wish_remove, name="wish_remove"),
    path(f"{ROUND}wishes/close/", applicants.wishes_close, name="wishes_close"),
    path(f"{ROUND}applicants/", applicants.my_seats, name="my_seats"),
    path(f"{SEAT}applicants/", applicants.seat_applicants, name="seat_applicants"),
    path(f"{SEAT}hand-in/", applicants.ranking_hand_in, name="ranking_hand_in"),
    path(f"{SEAT}take-back/", applicants.ranking_take_back, name="ranking_take_back"),
    path(
        f"{SEAT}applicants/<int:wish_id>/refuse/",
        applicants.applicant_refuse,
        name="applicant_refuse",
    ),
    path(
        f"{SEAT}applicants/<int:wish_id>/accept/",
        applicants.applicant_accept,
        name="applicant_accept",
    ),
]
