from django.urls import path

from silian.talent.placement import views

ROUND = "<int:round_id>/"

app_name = "placement"
urlpatterns = [
    path(f"{ROUND}conduct/", views.conduct, name="conduct"),
    path(f"{ROUND}run/", views.round_run, name="round_run"),
    path(f"{ROUND}discard/", views.round_discard, name="round_discard"),
    path(f"{ROUND}publish/", views.round_publish, name="round_publish"),
    path(f"{ROUND}rehearse/", views.round_rehearse, name="round_rehearse"),
    path(f"{ROUND}rehearsal/", views.rehearsal, name="rehearsal"),
    path(f"{ROUND}rehearsal/delete/", views.rehearsal_delete, name="rehearsal_delete"),
    path(f"{ROUND}seats/<int:pk>/close/", views.seat_close, name="seat_close"),
    path(f"{ROUND}result/", views.round_result, name="round_result"),
    path(f"{ROUND}result/bundle.zip", views.round_bundle, name="round_bundle"),
]
