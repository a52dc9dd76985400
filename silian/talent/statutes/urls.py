from django.urls import path

from silian.talent.statutes import views

app_name = "statutes"
urlpatterns = [
    path("rules/", views.rule_index, name="rule_index"),
    path("rules/<str:rule>/", views.rule_set, name="rule_set"),
]
