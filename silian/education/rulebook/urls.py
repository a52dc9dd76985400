from django.urls import path

from silian.education.rulebook import views

app_name = "rulebook"
urlpatterns = [
    path("", views.rule_index, name="rule_index"),
    path("<str:name>/", views.rule_edit, name="rule_edit"),
]
