from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.internships import views
from silian.talent.profiles.sightings import pages

app_name = "internships"
pages[app_name] = gettext_noop("My internship")
ONE = "<int:pk>"
urlpatterns = [
    path("", views.internship_index, name="internship_index"),
    path("new/", views.internship_new, name="internship_new"),
    path("from/<int:placement>/", views.internship_from, name="internship_from"),
    path(f"{ONE}/", views.internship_detail, name="internship_detail"),
    path(f"{ONE}/edit/", views.internship_edit, name="internship_edit"),
    path(f"{ONE}/adjust/", views.internship_adjust, name="internship_adjust"),
    path(f"{ONE}/break-off/", views.internship_break_off, name="internship_break_off"),
    path(f"{ONE}/waive/<str:rule>/", views.rule_waive, name="rule_waive"),
    path("approve/<int:waiver>/", views.waiver_approve, name="waiver_approve"),
    path(f"{ONE}/<str:verb>/", views.internship_act, name="internship_act"),
]
