from django.urls import path

from silian.governance.appraisals import views

app_name = "appraisals"
YEAR = "<int:pk>/years/<int:year>/"
urlpatterns = [
    path("appraisals/", views.appraisal_index, name="appraisal_index"),
    path("<int:pk>/years/", views.year_index, name="year_index"),
    path("<int:pk>/renewals/new/", views.renewal_new, name="renewal_new"),
    path("<int:pk>/renewals/<int:key>/<slug:verb>/", views.renewal_act, name="renewal_act"),
    path(YEAR, views.year_detail, name="year_detail"),
    path(f"{YEAR}plan/", views.plan, name="plan"),
    path(f"{YEAR}result/", views.result, name="result"),
    path(f"{YEAR}evidence/", views.evidence_add, name="evidence_add"),
    path(f"{YEAR}evidence/<int:key>/", views.evidence_file, name="evidence_file"),
    path(f"{YEAR}evidence/<int:key>/remove/", views.evidence_remove, name="evidence_remove"),
    path(f"{YEAR}mark/", views.mark, name="mark"),
    path(f"{YEAR}appraise/", views.appraise, name="appraise"),
    path(f"{YEAR}do/<slug:verb>/", views.year_act, name="year_act"),
]
