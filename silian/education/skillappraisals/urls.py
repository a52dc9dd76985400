from django.urls import URLPattern, URLResolver, include, path

from silian.education.skillappraisals import views

app_name = "skillappraisals"
of_an_entry = [
    path("", views.entry_detail, name="entry_detail"),
    path("mend/", views.entry_mend, name="entry_mend"),
    path("do/<slug:verb>/", views.entry_act, name="entry_act"),
    path("papers/<int:file>/", views.entry_paper, name="entry_paper"),
]
of_an_appraisal: list[URLPattern | URLResolver] = [
    path("", views.appraisal_detail, name="appraisal_detail"),
    path("edit/", views.appraisal_edit, name="appraisal_edit"),
    path("exams/", views.exams_link, name="exams_link"),
    path("do/<slug:verb>/", views.appraisal_act, name="appraisal_act"),
    path("entries/", views.entry_index, name="entry_index"),
    path("entries/new/", views.entry_new, name="entry_new"),
    path("entries/<int:entry>/", include(of_an_entry)),
]
urlpatterns = [
    path("", views.appraisal_index, name="appraisal_index"),
    path("new/", views.appraisal_new, name="appraisal_new"),
    path("<int:pk>/", include(of_an_appraisal)),
]
