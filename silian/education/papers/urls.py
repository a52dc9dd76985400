from django.urls import path

from silian.education.papers import blueprints, views

PAPER = "<int:pk>/"
FORM = f"{PAPER}forms/<int:number>/"
LINE = f"{PAPER}lines/<int:key>/"

app_name = "papers"
urlpatterns = [
    path("", views.paper_index, name="paper_index"),
    path("new/", views.paper_new, name="paper_new"),
    path("blueprints/", blueprints.blueprint_index, name="blueprint_index"),
    path("blueprints/new/", blueprints.blueprint_new, name="blueprint_new"),
    path("blueprints/<int:pk>/", blueprints.blueprint_detail, name="blueprint_detail"),
    path("blueprints/<int:pk>/edit/", blueprints.blueprint_edit, name="blueprint_edit"),
    path("blueprints/<int:pk>/assemble/", blueprints.assemble, name="assemble"),
    path(PAPER, views.paper_detail, name="paper_detail"),
    path(f"{PAPER}edit/", views.paper_edit, name="paper_edit"),
    path(f"{PAPER}choose/", views.paper_choose, name="paper_choose"),
    path(f"{PAPER}act/<slug:verb>/", views.paper_act, name="paper_act"),
    path(FORM, views.paper_detail, name="form_detail"),
    path(f"{LINE}points/", views.line_points, name="line_points"),
    path(f"{LINE}move/<slug:step>/", views.line_move, name="line_move"),
    path(f"{LINE}remove/", views.line_remove, name="line_remove"),
]
