"""Who keeps a programme compares it; members read what is published."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.gaps.comparing import demand_for, in_force
from silian.education.gaps.models import Line, Snapshot
from silian.education.programmes.models import Programme
from silian.education.standards.models import ChangeRequest, Standard
from silian.governance.bodies.models import Appointment, Body
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel.accounts.models import User
from silian.kernel.jobs.models import Job
from silian.kernel.jobs.policy import visible_jobs
from silian.kernel.verdicts import YES, Verdict

COMMITTEE = "specialty_committee"  # the kind of body that advises on programmes


def visible_snapshots(user: Viewer) -> QuerySet[Snapshot]:
    """One's own school's, all of one's secretariat or committee, and what members may read."""
    own = organisations_of(user)
    keeps = Q(programme__school__in=own) | Q(consortium__in=keeping(user))
    member = Membership.objects.current().filter(organisation__in=own).values("consortium")
    published = Q(state=Snapshot.State.PUBLISHED, consortium__in=member)
    rows = Snapshot.objects.filter(keeps | published)
    return rows.select_related("programme__school", "consortium", "by")


def visible_lines(user: Viewer, snapshot: Snapshot) -> QuerySet[Line]:
    return snapshot.lines.select_related(
        "snapshot__consortium",
        "snapshot__programme__school",
        "skill",
        "request__standard__consortium",
    )


def visible_programmes(user: Viewer, consortium: Consortium) -> QuerySet[Programme]:
    """Programmes of current members: all for those who advise, one's own, and published ones."""
    members = Membership.objects.current().filter(consortium=consortium)
    rows = Programme.objects.filter(school__in=members.values("organisation"))
    rows = rows.select_related("school", "code")
    if consortium.pk in keeping(user):
        return rows
    seen = visible_snapshots(user).filter(consortium=consortium, programme=OuterRef("pk"))
    return rows.filter(Q(school__in=organisations_of(user)) | Exists(seen))


def keeping(user: Viewer) -> set[int]:
    """Keys of the consortia whose programmes ``user`` advises on, by office or by appointment."""
    if not isinstance(user, User):
        return set()
    if not hasattr(user, "_silian_committees"):
        appointed = Appointment.objects.running().filter(
            user=user, body__kind__code=COMMITTEE, body__state=Body.State.RUNNING
        )
        found = set(appointed.values_list("body__consortium", flat=True))
        user._silian_committees = found  # type: ignore[attr-defined]
    committees: set[int] = user._silian_committees  # type: ignore[attr-defined]
    return secretariats_of(user) | committees


def visible_comparisons(user: User, url: str) -> QuerySet[Job]:
    """The jobs of ``user`` whose result that page shows, the newest first."""
    return visible_jobs(user).filter(by=user, url=url)


def may_look(user: Viewer, consortium: Consortium) -> Verdict:
    """Is ``user`` one of those for whom programmes of ``consortium`` are compared?"""
    members = Membership.objects.current().filter(consortium=consortium)
    if consortium.pk in keeping(user):
        return YES
    if members.filter(organisation__in=organisations_of(user)).exists():
        return YES
    return Verdict(_("Only the secretariat, committees and members can read this."))


def may_compare(user: Viewer, programme: Programme, consortium: Consortium) -> Verdict:
    """May ``user`` compute how ``programme`` stands, and is there anything to compare?"""
    verdict = _keeps(user, programme, consortium)
    if verdict and not in_force(programme, consortium).exists():
        return Verdict(_("No standard of the programme is in force: there is nothing to compare."))
    if verdict and not demand_for(programme, consortium).exists():
        return Verdict(_("No live position fits the programme: there is nothing to compare."))
    return verdict


def may_compare_all(user: Viewer, consortium: Consortium) -> Verdict:
    if consortium.pk in keeping(user):
        return YES
    return Verdict(_("Only the secretariat and its specialty committees can do this."))


def may_publish(user: Viewer, snapshot: Snapshot) -> Verdict:
    """May ``user`` show it to the members, or stop showing it?"""
    if is_secretary(user, snapshot.consortium) or acts_for(user, snapshot.programme.school):
        return YES
    return Verdict(_("Only the school and the secretariat can do this."))


def may_request(user: Viewer, line: Line) -> Verdict:
    """May ``user`` ask for a change of the standard because of this skill?"""
    snapshot = line.snapshot
    verdict = _keeps(user, snapshot.programme, snapshot.consortium)
    if not verdict:
        return verdict
    if line.outcome == Line.Outcome.COVERED:
        return Verdict(_("It is covered: there is nothing to change."))
    if open_request(line):
        return Verdict(_("A change for this skill has been asked for and is still open."))
    if not standards_of(snapshot).exists():
        return Verdict(_("The programme has no standard that could be changed."))
    return YES


def open_request(line: Line) -> ChangeRequest | None:
    """The open request for this skill in any standard of the programme."""
    requests = ChangeRequest.objects.filter(
        standard__in=standards_of(line.snapshot), skill=line.skill, state=ChangeRequest.State.OPEN
    )
    return requests.first()


def standards_of(snapshot: Snapshot) -> QuerySet[Standard]:
    return Standard.objects.filter(programme=snapshot.programme, consortium=snapshot.consortium)


def _keeps(user: Viewer, programme: Programme, consortium: Consortium) -> Verdict:
    if acts_for(user, programme.school) or consortium.pk in keeping(user):
        return YES
    return Verdict(_("Only the school, the secretariat and its specialty committees can do this."))
