from django.urls import include, path

from silian.governance.commitments import views

app_name = "commitments"
evaluations = [
    path("", views.evaluation_index, name="evaluation_index"),
    path("open/", views.evaluation_open_all, name="evaluation_open_all"),
    path("open/<int:agreement>/", views.evaluation_open, name="evaluation_open"),
    path("<int:pk>/", views.evaluation_detail, name="evaluation_detail"),
    path("<int:pk>/assess/", views.assess, name="assess"),
    path("<int:pk>/conclude/", views.conclude, name="conclude"),
]
urlpatterns = [
    path("", views.commitment_index, name="commitment_index"),
    path("new/<int:agreement>/", views.commitment_new, name="commitment_new"),
    path("evidence/<int:pk>/", views.evidence_file, name="evidence_file"),
    path("evaluations/", include(evaluations)),
    path("<int:pk>/", views.commitment_detail, name="commitment_detail"),
    path("<int:pk>/report/", views.report, name="report"),
    path("<int:pk>/accept/", views.accept, name="accept"),
    path("<int:pk>/<str:verb>/", views.act, name="act"),
]
