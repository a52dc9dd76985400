from django.urls import path

from silian.education.advice import views

app_name = "advice"
urlpatterns = [
    path("", views.report_index, name="report_index"),
    path("new/", views.report_new, name="report_new"),
    path("<int:pk>/", views.report_detail, name="report_detail"),
    path("<int:pk>/edit/", views.report_edit, name="report_edit"),
    path("<int:pk>/ask/", views.report_ask, name="report_ask"),
    path("<int:pk>/publish/", views.report_publish, name="report_publish"),
    path("<int:pk>/drop/", views.report_drop, name="report_drop"),
    path("<int:pk>/data.json", views.report_data, name="report_data"),
    path("<int:pk>/paper.<str:ending>", views.report_paper, name="report_paper"),
    path("lines/<int:pk>/", views.advice_detail, name="advice_detail"),
    path("lines/<int:pk>/answer/", views.advice_answer, name="advice_answer"),
]
