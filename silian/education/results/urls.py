from django.urls import URLPattern, URLResolver, include, path

from silian.education.results import appealing, views

app_name = "results"
of_an_appeal = [
    path("", appealing.appeal_detail, name="appeal_detail"),
    path("assign/", appealing.appeal_assign, name="appeal_assign"),
    path("decide/", appealing.appeal_decide, name="appeal_decide"),
    path("withdraw/", appealing.appeal_withdraw, name="appeal_withdraw"),
    path("papers/<int:file>/", appealing.appeal_paper, name="appeal_paper"),
]
of_an_appraisal: list[URLPattern | URLResolver] = [
    path("results/", views.desk, name="desk"),
    path("results/do/<slug:verb>/", views.desk_act, name="desk_act"),
    path("results/<int:entry>/correct/", views.correct, name="correct"),
    path("results/list.pdf", views.paper, name="paper"),
    path("results/publicity/", views.publicity, name="publicity"),
    path("results/ours/", views.ours, name="ours"),
    path("appeals/<int:appeal>/", include(of_an_appeal)),
]
urlpatterns = [
    path("me/results/", views.own_results, name="own_results"),
    path("me/results/<int:pk>/points/", views.breakdown, name="breakdown"),
    path("me/results/<int:pk>/appeal/", appealing.appeal_new, name="appeal_new"),
    path("<consortium:consortium>/appraisals/<int:pk>/", include(of_an_appraisal)),
]
