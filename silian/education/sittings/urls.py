from django.urls import include, path

from silian.education.sittings import views

app_name = "sittings"
of_an_exam = [
    path("", views.exam_detail, name="exam_detail"),
    path("edit/", views.exam_edit, name="exam_edit"),
    path("do/<slug:verb>/", views.exam_act, name="exam_act"),
    path("paper/", views.paper_take, name="paper_take"),
    path("rooms/new/", views.room_new, name="room_new"),
    path("rooms/<int:room>/edit/", views.room_edit, name="room_edit"),
    path("rooms/<int:room>/remove/", views.room_remove, name="room_remove"),
    path("candidates/", views.candidate_index, name="candidate_index"),
    path("candidates/<int:candidate>/", views.candidate_detail, name="candidate_detail"),
    path("candidates/<int:candidate>/remove/", views.candidate_remove, name="candidate_remove"),
    path("seats/", views.seats_draw, name="seats_draw"),
    path("tickets/", views.ticket_sheet, name="ticket_sheet"),
]
urlpatterns = [
    path("me/exams/", views.mine, name="mine"),
    path("me/exams/<int:pk>/ticket.pdf", views.own_ticket, name="own_ticket"),
    path("<consortium:consortium>/exams/", views.exam_index, name="exam_index"),
    path("<consortium:consortium>/exams/new/", views.exam_new, name="exam_new"),
    path("<consortium:consortium>/exams/<int:pk>/", include(of_an_exam)),
]
