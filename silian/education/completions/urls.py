from django.urls import path

from silian.education.completions import views

SESSION = "sessions/<int:pk>/result/"

app_name = "completions"
urlpatterns = [
    path(SESSION, views.result, name="result"),
    path(f"{SESSION}complete/", views.complete, name="complete"),
    path(f"{SESSION}finish/", views.finish, name="finish"),
    path(f"{SESSION}<int:learner>/pass/", views.let_pass, name="let_pass"),
    path(f"{SESSION}<int:learner>/withdraw/", views.withdraw, name="withdraw"),
    path("year/", views.year_count, name="year_count"),
    path("year/people/", views.people_index, name="people_index"),
    path("year/<int:year>/target/", views.year_aim, name="year_aim"),
    path("year/<int:year>/report/", views.year_report, name="year_report"),
]
