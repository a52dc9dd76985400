from django.urls import path

from silian.governance.attendance import door, views

app_name = "attendance"
urlpatterns = [
    path("<int:pk>/attendees/", views.attendee_index, name="attendee_index"),
    path("<int:pk>/attendees/new/", views.attendee_new, name="attendee_new"),
    path("<int:pk>/attendees/tick/", views.tick, name="tick"),
    path("<int:pk>/attendees/paper/", views.paper, name="paper"),
    path("<int:pk>/attendees/paper/<int:sheet>/", views.sheet, name="sheet"),
    path("<int:pk>/attendees/badges/", views.badges, name="badges"),
    path("<int:pk>/attendees/<int:attendee>/", views.attendee_detail, name="attendee_detail"),
    path("<int:pk>/attendees/<int:attendee>/remove/", views.attendee_remove, name="remove"),
    path("<int:pk>/attendees/<int:attendee>/reply/", views.reply, name="reply"),
    path("<int:pk>/attendees/<int:attendee>/back/", views.hand_back, name="hand_back"),
    path(
        "<int:pk>/attendees/<int:attendee>/reply/<str:reply>/",
        views.reply_quick,
        name="reply_quick",
    ),
    path("<int:pk>/attendees/<int:attendee>/code/", views.invitation, name="invitation"),
    path("<int:pk>/attendees/<int:attendee>/online/", door.online, name="online"),
    path("<int:pk>/door/", door.door, name="door"),
    path("<int:pk>/door/people/", door.door_people, name="door_people"),
    path("<int:pk>/door/lines/", door.door_lines, name="door_lines"),
    path("<int:pk>/screen/", door.screen, name="screen"),
    path("<int:pk>/screen/board/", door.screen_board, name="screen_board"),
    path("<int:pk>/screen/code/", door.screen_code, name="screen_code"),
    path("<int:pk>/here/", door.here, name="here"),
    path("<int:pk>/here/<str:token>/", door.here_scanned, name="here_scanned"),
]
