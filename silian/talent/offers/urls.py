from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.offers import answers, views
from silian.talent.profiles.sightings import pages

ROUND = "<int:round_id>/"
OFFER = "offers/<int:pk>/"

app_name = "offers"
pages[app_name] = gettext_noop("My place from a round")
urlpatterns = [
    path(f"{ROUND}result/mine/", views.my_result, name="my_result"),
    path(f"{ROUND}seats/<int:pk>/result/", views.seat_result, name="seat_result"),
    path(f"{ROUND}placements/", views.placement_index, name="placement_index"),
    path(f"{ROUND}placements/by-hand/", views.decision_new, name="decision_new"),
    path(f"{ROUND}second/", views.round_second, name="round_second"),
    path(OFFER, views.placement_detail, name="placement_detail"),
    path(f"{OFFER}accept/", answers.offer_accept, name="offer_accept"),
    path(f"{OFFER}decline/", answers.offer_decline, name="offer_decline"),
    path(f"{OFFER}confirm/", answers.placement_confirm, name="placement_confirm"),
    path(f"{OFFER}withdraw/", answers.offer_withdraw, name="offer_withdraw"),
    path(f"{OFFER}end/", answers.placement_end, name="placement_end"),
]
