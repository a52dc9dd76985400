from django.urls import path

from silian.governance.meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.meeting_index, name="meeting_index"),
    path("calendar/", views.meeting_month, name="meeting_month"),
    path("calendar/events/", views.meeting_events, name="meeting_events"),
    path("new/", views.meeting_new, name="meeting_new"),
    path("<int:pk>/", views.meeting_detail, name="meeting_detail"),
    path("<int:pk>/meeting.ics", views.meeting_ics, name="meeting_ics"),
    path("<int:pk>/edit/", views.meeting_edit, name="meeting_edit"),
    path("<int:pk>/call/", views.meeting_call, name="meeting_call"),
    path("<int:pk>/cancel/", views.meeting_cancel, name="meeting_cancel"),
    *(
        path(f"<int:pk>/{step}/", views.meeting_step, {"step": step}, name=f"meeting_{step}")
        for step in views.STEPS
    ),
    path("<int:pk>/items/new/", views.item_new, name="item_new"),
    path("<int:pk>/items/<int:item>/", views.item_edit, name="item_edit"),
    path("<int:pk>/items/<int:item>/up/", views.item_move, {"by": -1}, name="item_up"),
    path("<int:pk>/items/<int:item>/down/", views.item_move, {"by": 1}, name="item_down"),
    path("<int:pk>/items/<int:item>/remove/", views.item_remove, name="item_remove"),
    path("<int:pk>/items/<int:item>/take/", views.item_take, name="item_take"),
    path("<int:pk>/items/<int:item>/note/", views.item_note, name="item_note"),
    path("<int:pk>/papers/<int:paper>/", views.paper, name="paper"),
    path(
        "<int:pk>/items/<int:item>/papers/<int:paper>/remove/",
        views.paper_remove,
        name="paper_remove",
    ),
]
