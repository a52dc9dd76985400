from django.urls import include, path

from silian.education.turns import views

app_name = "turns"
of_an_exam = [
    path("candidates/", views.entrant_index, name="entrant_index"),
    path("candidates/new/", views.entrant_new, name="entrant_new"),
    path("candidates/<int:entrant>/", views.entrant_detail, name="entrant_detail"),
    path("candidates/<int:entrant>/do/<slug:verb>/", views.entrant_act, name="entrant_act"),
    path("candidates/<int:entrant>/ticket.pdf", views.ticket, name="ticket"),
    path("plan/", views.plan, name="plan"),
    path("plan/draw/", views.plan_draw, name="plan_draw"),
    path("turns/<int:turn>/", views.turn_move, name="turn_move"),
    path("stations/<int:station>/plan/", views.station_plan, name="station_plan"),
    path("stations/<int:station>/sheet.pdf", views.score_sheet, name="score_sheet"),
    path("tickets/", views.ticket_sheet, name="ticket_sheet"),
]
urlpatterns = [
    path("me/practicals/", views.mine, name="mine"),
    path("me/practicals/<int:pk>/ticket.pdf", views.own_ticket, name="own_ticket"),
    path("<consortium:consortium>/practicals/<int:pk>/", include(of_an_exam)),
]
