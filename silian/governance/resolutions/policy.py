"""Who may see resolutions, and who enters, reports on, confirms and drops them."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Meeting
from silian.governance.meetings.policy import visible_meetings
from silian.governance.members.models import Membership, Organisation
from silian.governance.motions.models import Motion
from silian.governance.motions.policy import visible_motions
from silian.governance.resolutions.models import Report, Resolution
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.files.models import StoredFile
from silian.kernel.verdicts import YES, Verdict

State = Resolution.State


def visible_resolutions(user: Viewer) -> QuerySet[Resolution]:
    """Every member reads what its consortium has decided; a unit in charge reads it always."""
    if not isinstance(user, User):
        return Resolution.objects.none()
    units = organisations_of(user)
    members = Membership.objects.current().filter(organisation__in=units)
    ours = Q(consortium__in=members.values("consortium")) | Q(owner__in=units)
    rows = Resolution.objects.filter(ours | Q(consortium__in=secretariats_of(user)))
    return rows.select_related("consortium", "owner", "motion__consortium", "meeting__consortium")


def visible_reports(user: Viewer, resolution: Resolution) -> QuerySet[Report]:
    """Reports are read by whoever reads the resolution."""
    return resolution.reports.select_related("by").prefetch_related("files")


def visible_files(user: Viewer, resolution: Resolution) -> QuerySet[StoredFile]:
    """Files of reports are for the unit in charge and the secretariat."""
    if not may_read_files(user, resolution):
        return StoredFile.objects.none()
    through = Report.files.through.objects.filter(report__resolution=resolution)
    return StoredFile.objects.filter(pk__in=through.values("storedfile"))


def may_read_files(user: Viewer, resolution: Resolution) -> Verdict:
    if _in_charge(user, resolution) or is_secretary(user, resolution.consortium):
        return YES
    return Verdict(_("Files are read by the unit in charge and the secretariat."))


def visible_owners(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """Whom a resolution can be given to: the current members."""
    current = consortium.memberships.current()
    return Organisation.objects.filter(pk__in=current.values("organisation"))


def visible_sources(user: Viewer, consortium: Consortium) -> QuerySet[Motion]:
    """Carried motions that no resolution was entered for; amendments belong to their motion."""
    carried = visible_motions(user).filter(consortium=consortium, state=Motion.State.CARRIED)
    return carried.filter(amends=None, resolution=None)


def visible_meetings_held(user: Viewer, consortium: Consortium) -> QuerySet[Meeting]:
    """Meetings in which something can have been decided without a motion."""
    return visible_meetings(user).filter(consortium=consortium, state__in=Meeting.HELD)


def may_enter(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` enter resolutions of ``consortium``, and set how they are numbered?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_edit(user: Viewer, resolution: Resolution) -> Verdict:
    """May ``user`` change who carries it out and by when?"""
    return may_enter(user, resolution.consortium) and _while_running(resolution)


def may_report(user: Viewer, resolution: Resolution) -> Verdict:
    """May ``user`` say how far it is?"""
    if not (_in_charge(user, resolution) or may_enter(user, resolution.consortium)):
        return Verdict(_("Only the unit in charge and the secretariat report on it."))
    return _while_running(resolution)


def may_report_done(user: Viewer, resolution: Resolution) -> Verdict:
    if not _in_charge(user, resolution):
        return Verdict(_("Only the unit in charge reports it done."))
    if resolution.state != State.OPEN:
        return Verdict(_("It was reported done already, or has ended."))
    return YES


def may_confirm(user: Viewer, resolution: Resolution) -> Verdict:
    """May ``user`` confirm that it is done?"""
    return may_edit(user, resolution)


def may_return(user: Viewer, resolution: Resolution) -> Verdict:
    """May ``user`` say that it is not done yet, though it was reported?"""
    verdict = may_edit(user, resolution)
    if verdict and resolution.state != State.REPORTED:
        return Verdict(_("It has not been reported done."))
    return verdict


def may_drop(user: Viewer, resolution: Resolution) -> Verdict:
    return may_edit(user, resolution)


def _in_charge(user: Viewer, resolution: Resolution) -> bool:
    return resolution.owner is not None and acts_for(user, resolution.owner)


def _while_running(resolution: Resolution) -> Verdict:
    if not resolution.is_running:
        return Verdict(_("It is done or dropped."))
    return YES
