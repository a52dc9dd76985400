"""The workspaces of the installation's three administrators, and of people without a role."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import CodeList
from silian.kernel.jobs.models import Job
from silian.portal.doors import Door, Workspace, consortium_door
from silian.portal.figures import Tile


def system(user: User) -> Workspace:
    failed = Job.objects.filter(state=Job.State.FAILED).count()
    jobs, codes = reverse("jobs:queue_index"), reverse("codes:code_lists")
    founding = reverse("consortia:consortium_list")
    tiles = [
        Tile(_("Failed jobs"), failed, jobs, "alert-triangle"),
        Tile(_("Accounts"), User.objects.filter(is_active=True).count(), "", "users"),
        Tile(_("Consortia"), Consortium.objects.count(), founding, "sitemap"),
        Tile(_("Code lists"), CodeList.objects.filter(current=True).count(), codes, "briefcase"),
    ]
    doors = [
        Door(_("Consortia"), founding, "sitemap", _("Found one, and name its first secretary")),
        Door(_("Jobs"), jobs, "settings", _("Background work, failures, retry")),
        Door(
            _("Code lists"), codes, "briefcase", _("Regions, industries, occupations, programmes")
        ),
        Door(
            _("Persons to be compared"),
            reverse("profiles:doubt_index"),
            "users",
            _("Entered with a number that somebody else has"),
        ),
        Door(_("Page components"), reverse("ui:components"), "components", _("For maintainers")),
    ]
    return Workspace(_("System administrator"), "", tiles, doors)


def security(user: User) -> Workspace:
    locked = User.objects.filter(is_active=False).count()
    people = reverse("accounts:person_index")
    doors = [Door(_("Accounts"), people, "users", _("Lock, unlock, reset factors, assign duties"))]
    tiles = [Tile(_("Locked accounts"), locked, people, "lock")]
    return Workspace(_("Security administrator"), "", tiles, doors)


def audit(user: User) -> Workspace:
    record = reverse("audit:entry_index")
    doors = [Door(_("Record"), record, "history", _("Who did what, and whether the chain holds"))]
    return Workspace(_("Auditor"), "", [], doors)


def guest(user: User) -> Workspace:
    doors = [consortium_door(consortium) for consortium in Consortium.objects.all()]
    about = _("You hold no role yet. Ask the organisation you belong to for an invitation.")
    return Workspace(_("Welcome"), about, [], doors)


DUTIES: dict[str, Callable[[User], Workspace]] = {
    User.Duty.SYSTEM: system,
    User.Duty.SECURITY: security,
    User.Duty.AUDIT: audit,
}
