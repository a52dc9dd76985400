from django.urls import path

from silian.governance.elections import candidacies, views

app_name = "elections"
urlpatterns = [
    path("", views.election_index, name="election_index"),
    path("new/", views.election_new, name="election_new"),
    path("candidates/<int:pk>/", candidacies.candidate_detail, name="candidate_detail"),
    path(
        "candidates/<int:pk>/statement/",
        candidacies.candidate_statement,
        name="candidate_statement",
    ),
    path("candidates/<int:pk>/<slug:verb>/", candidacies.candidate_act, name="candidate_act"),
    path("<int:pk>/edit/", views.election_edit, name="election_edit"),
    path("<int:pk>/posts/", views.election_posts, name="election_posts"),
    path("<int:pk>/nominations/", views.nominations, name="nominations"),
    path("<int:pk>/nominate/", candidacies.nominate, name="nominate"),
    path("<int:pk>/candidates/", candidacies.candidate_index, name="candidate_index"),
    path("<int:pk>/list/", views.list_candidates, name="list_candidates"),
]
