from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.profiles.sightings import pages
from silian.talent.safeguards import views

app_name = "safeguards"
pages[app_name] = gettext_noop("Insurance of my internship")
HERE = "organisations/<int:holder>"
urlpatterns = [
    path(f"{HERE}/policies/", views.policy_index, name="policy_index"),
    path(f"{HERE}/policies/new/", views.policy_new, name="policy_new"),
    path(f"{HERE}/policies/<int:pk>/", views.policy_edit, name="policy_edit"),
    path(f"{HERE}/policies/<int:pk>/scan/", views.policy_scan, name="policy_scan"),
    path(f"{HERE}/site-checks/", views.check_index, name="check_index"),
    path(f"{HERE}/site-checks/new/", views.check_new, name="check_new"),
    path(f"{HERE}/site-checks/<int:pk>/", views.check_edit, name="check_edit"),
]
