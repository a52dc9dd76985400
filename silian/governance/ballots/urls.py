from django.urls import path

from silian.governance.ballots import views

app_name = "ballots"
urlpatterns = [
    path("verify_board.py", views.script, name="script"),
    path("<int:pk>/", views.ballot, name="ballot"),
    path("<int:pk>/check/", views.check, name="check"),
    path("<int:pk>/board/", views.board, name="board"),
    path("<int:pk>/board.json", views.board_file, name="board_file"),
    path("<int:pk>/board.csv", views.board_csv, name="board_csv"),
]
