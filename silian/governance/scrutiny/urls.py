from django.urls import path

from silian.governance.scrutiny import views

app_name = "scrutiny"
urlpatterns = [
    path("<int:pk>/", views.election_page, name="election"),
    path("<int:pk>/scrutineers/", views.scrutineers, name="scrutineers"),
    path(
        "<int:pk>/scrutineers/<int:scrutineer>/relieve/",
        views.scrutineer_relieve,
        name="scrutineer_relieve",
    ),
    path("<int:pk>/voting/", views.voting, name="voting"),
    path("<int:pk>/extend/", views.extend, name="extend"),
    path("<int:pk>/result/", views.result, name="result"),
    path("<int:pk>/rounds/<int:number>.json", views.round_file, name="round_file"),
    path("<int:pk>/<slug:verb>/", views.act, name="act"),
]
