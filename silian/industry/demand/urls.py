from django.urls import path

from silian.industry.demand import views

app_name = "demand"
urlpatterns = [
    path("ours/", views.own_positions, name="own_positions"),
    path("review/", views.position_review, name="position_review"),
    path("review/decide/", views.positions_decide, name="positions_decide"),
    path("new/<slug:kind>/", views.position_new, name="position_new"),
    path("<int:pk>/", views.position_detail, name="position_detail"),
    path("<int:pk>/edit/", views.position_edit, name="position_edit"),
    path("<int:pk>/<slug:verb>/", views.position_act, name="position_act"),
]
