from django.urls import path

from silian.talent.criteria import views

RULES = "<int:round_id>/rules/"

app_name = "criteria"
urlpatterns = [
    path(RULES, views.rules, name="rules"),
    path(f"{RULES}<str:what>/new/", views.rule_new, name="rule_new"),
    path(f"{RULES}<str:what>/<int:pk>/remove/", views.rule_remove, name="rule_remove"),
]
