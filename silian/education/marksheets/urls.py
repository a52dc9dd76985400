from django.urls import include, path

from silian.education.marksheets import views

app_name = "marksheets"
of_an_exam = [
    path("", views.marking_detail, name="marking_detail"),
    path("begin/", views.marking_begin, name="marking_begin"),
    path("complete/", views.marking_complete, name="marking_complete"),
    path("rules/", views.rules_edit, name="rules_edit"),
    path("markers/new/", views.marker_new, name="marker_new"),
    path("markers/<int:marker>/withdraw/", views.marker_withdraw, name="marker_withdraw"),
    path("sheets/", views.sheet_index, name="sheet_index"),
    path("sheets/all.<slug:kind>", views.marks_file, name="marks_file"),
    path("sheets/<int:sheet>/", views.sheet_detail, name="sheet_detail"),
    path("sheets/<int:sheet>/read-again/", views.sheet_read_again, name="sheet_read_again"),
    path("sheets/<int:sheet>/<int:answer>/", views.answer_correct, name="answer_correct"),
    path("items/", views.question_index, name="question_index"),
    path("items/<int:question>/", views.question_detail, name="question_detail"),
    path("items/<int:question>/ruling/", views.question_rule, name="question_rule"),
]
urlpatterns = [path("<consortium:consortium>/exams/<int:pk>/marking/", include(of_an_exam))]
