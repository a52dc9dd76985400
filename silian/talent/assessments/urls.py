from django.urls import path

from silian.talent.assessments import views

app_name = "assessments"
urlpatterns = [
    path("evidence/<int:unit>/", views.evidence, name="evidence"),
    path("<int:pk>/assessment/", views.assessment, name="assessment"),
    path("<int:pk>/assessment/decide/", views.decide, name="decide"),
    path("<int:pk>/assessment/certificate/", views.certificate, name="certificate"),
]
