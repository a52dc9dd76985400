from django.urls import path

from silian.industry.demand import views

app_name = "demand"
urlpatterns = [
    path("", views.position_index, name="position_index"),
    path("ours/", views.own_positions, name="own_positions"),
    path("review/", views.position_review, name="position_review"),
    path("new/", views.position_new, name="position_new"),
    path("<int:pk>/", views.position_detail, name="position_detail"),
    path("<int:pk>/edit/", views.position_edit, name="position_edit"),
    path("<int:pk>/submit/", views.position_submit, name="position_submit"),
    path("<int:pk>/withdraw/", views.position_withdraw, name="position_withdraw"),
    path("<int:pk>/publish/", views.position_publish, name="position_publish"),
    path("<int:pk>/return/", views.position_return, name="position_return"),
    path("<int:pk>/close/", views.position_close, name="position_close"),
    path("<int:pk>/confirm/", views.position_confirm, name="position_confirm"),
    path("<int:pk>/copy/", views.position_copy, name="position_copy"),
]
