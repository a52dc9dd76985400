from django.urls import path

from silian.governance.proposals import views

app_name = "proposals"
urlpatterns = [
    path("", views.proposal_index, name="proposal_index"),
    path("new/", views.proposal_new, name="proposal_new"),
    path("<int:pk>/", views.proposal_detail, name="proposal_detail"),
    path("<int:pk>/edit/", views.proposal_edit, name="proposal_edit"),
    path("<int:pk>/opinion/", views.opinion, name="opinion"),
    path("<int:pk>/<slug:verb>/", views.act, name="act"),
]
