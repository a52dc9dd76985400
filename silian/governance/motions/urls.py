from django.urls import path

from silian.governance.motions import views

app_name = "motions"
urlpatterns = [
    path("", views.motion_index, name="motion_index"),
    path("correspondence/new/", views.letter_new, name="letter_new"),
    path("meetings/<int:pk>/", views.meeting_motions, name="meeting_motions"),
    path("items/<int:item>/", views.item_motions, name="item_motions"),
    path("items/<int:item>/new/", views.motion_new, name="motion_new"),
    path("<int:pk>/", views.motion_detail, name="motion_detail"),
    path("<int:pk>/edit/", views.motion_edit, name="motion_edit"),
    path("<int:pk>/amend/", views.motion_amend, name="motion_amend"),
    path("<int:pk>/merge/", views.motion_merge, name="motion_merge"),
    path("<int:pk>/withdraw/", views.motion_withdraw, name="motion_withdraw"),
]
