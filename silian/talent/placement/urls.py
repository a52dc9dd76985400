from django.urls import path

from silian.talent.placement import answers, views

ROUND = "<int:round_id>/"
OFFER = "offers/<int:pk>/"

app_name = "placement"
urlpatterns = [
    path(f"{ROUND}conduct/", views.conduct, name="conduct"),
    path(f"{ROUND}run/", views.round_run, name="round_run"),
    path(f"{ROUND}discard/", views.round_discard, name="round_discard"),
    path(f"{ROUND}publish/", views.round_publish, name="round_publish"),
    path(f"{ROUND}result/", views.round_result, name="round_result"),
    path(f"{ROUND}result/bundle.zip", views.round_bundle, name="round_bundle"),
    path(f"{ROUND}result/mine/", views.my_result, name="my_result"),
    path(f"{ROUND}seats/<int:pk>/result/", views.seat_result, name="seat_result"),
    path(f"{ROUND}placements/", views.placement_index, name="placement_index"),
    path(f"{OFFER}accept/", answers.offer_accept, name="offer_accept"),
    path(f"{OFFER}decline/", answers.offer_decline, name="offer_decline"),
    path(f"{OFFER}confirm/", answers.placement_confirm, name="placement_confirm"),
    path(f"{OFFER}withdraw/", answers.offer_withdraw, name="offer_withdraw"),
]
