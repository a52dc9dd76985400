from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.criteria import views
from silian.talent.profiles.sightings import pages

RULES = "<int:round_id>/rules/"

app_name = "criteria"
pages[app_name] = gettext_noop("My points in a round")
urlpatterns = [
    path(RULES, views.rules, name="rules"),
    path(f"{RULES}<str:what>/new/", views.rule_new, name="rule_new"),
    path(f"{RULES}<str:what>/<int:pk>/remove/", views.rule_remove, name="rule_remove"),
]
