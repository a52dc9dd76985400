from django.urls import include, path

from silian.education.scoresheets import views

app_name = "scoresheets"
of_a_practical = [
    path("", views.console, name="console"),
    path("turns/", views.console_turns, name="console_turns"),
    path("results/", views.results, name="results"),
    path("results/all.<slug:kind>", views.results_file, name="results_file"),
    path("marks/", views.mark_index, name="mark_index"),
    path("close/", views.practical_close, name="practical_close"),
]
of_a_turn = [
    path("", views.turn_detail, name="turn_detail"),
    path("decision/", views.decision, name="decision"),
    path("arbiter/", views.arbiter, name="arbiter"),
    path("correction/", views.correction, name="correction"),
    path("excuse/<int:panellist>/", views.sheet_excuse, name="sheet_excuse"),
]
urlpatterns = [
    path("<consortium:consortium>/practicals/<int:pk>/scores/", include(of_a_practical)),
    path("<consortium:consortium>/scores/turns/<int:pk>/", include(of_a_turn)),
    path(
        "<consortium:consortium>/scores/sheets/<int:pk>/", views.sheet_detail, name="sheet_detail"
    ),
    path(
        "<consortium:consortium>/scores/sheets/<int:pk>/paper/",
        views.sheet_paper,
        name="sheet_paper",
    ),
]
