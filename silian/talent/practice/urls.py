from django.urls import path
from django.utils.translation import gettext_noop

from silian.talent.practice import views
from silian.talent.profiles.sightings import pages

app_name = "practice"
pages[app_name] = gettext_noop("My practice")
ONE = "<int:pk>"
urlpatterns = [
    path(f"{ONE}/plan/", views.plan, name="plan"),
    path(f"{ONE}/plan/<int:task>/remove/", views.task_remove, name="task_remove"),
    path(f"{ONE}/journal/", views.journal, name="journal"),
    path(f"{ONE}/journal/new/", views.entry_new, name="entry_new"),
    path(f"{ONE}/journal/<int:entry>/", views.entry_detail, name="entry_detail"),
    path(f"{ONE}/journal/<int:entry>/edit/", views.entry_edit, name="entry_edit"),
    path(f"{ONE}/journal/<int:entry>/confirm/", views.entry_confirm, name="entry_confirm"),
    path(f"{ONE}/journal/<int:entry>/return/", views.entry_return, name="entry_return"),
    path(f"{ONE}/journal/<int:entry>/files/<int:file>/", views.entry_file, name="entry_file"),
    path(f"{ONE}/visits/", views.visits, name="visits"),
    path(f"{ONE}/incidents/", views.incidents, name="incidents"),
    path(f"{ONE}/incidents/<int:incident>/close/", views.incident_close, name="incident_close"),
    path(f"{ONE}/pay/", views.pay, name="pay"),
    path(f"{ONE}/pay/<int:payment>/confirm/", views.payment_confirm, name="payment_confirm"),
    path(f"{ONE}/pay/<int:payment>/dispute/", views.payment_dispute, name="payment_dispute"),
]
