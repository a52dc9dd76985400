"""Suggestions belong to whoever owns the text; new terms to the secretariats."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.skillmap.models import Candidate, Sighting, Suggestion
from silian.education.standards.models import Edition
from silian.education.standards.policy import may_write, writes_for
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.industry.demand.models import Position
from silian.kernel.accounts.models import User
from silian.kernel.jobs.models import Job
from silian.kernel.jobs.policy import visible_jobs
from silian.kernel.verdicts import YES, Verdict

# Suggestions about texts to which skills can still be added.
OPEN = ~Q(position__state=Position.State.CLOSED, position__isnull=False) & ~(
    Q(unit__isnull=False) & ~Q(unit__edition__state=Edition.State.DRAFT)
)


def visible_suggestions(user: Viewer) -> QuerySet[Suggestion]:
    """The employer's for its positions; the school's and its secretariats' for course units."""
    own = organisations_of(user)
    stake = (
        Q(position__organisation__in=own)
        | Q(unit__edition__standard__programme__school__in=writes_for(user))
        | Q(unit__edition__standard__consortium__in=secretariats_of(user))
    )
    joined = "skill position__organisation position__consortium decided_by".split()
    unit = "unit__edition__standard__programme__school unit__edition__standard__consortium".split()
    return Suggestion.objects.filter(stake).select_related(*joined, *unit)


def within(consortium: Consortium) -> Q:
    """Of suggestions: those about texts of one consortium."""
    return Q(position__consortium=consortium) | Q(unit__edition__standard__consortium=consortium)


def visible_candidates(user: Viewer, consortium: Consortium) -> QuerySet[Candidate]:
    """The terms that stand in public texts of a consortium, for its secretariat."""
    if not is_secretary(user, consortium):
        return Candidate.objects.none()
    here = Q(sightings__consortium=consortium)
    rows = Candidate.objects.annotate(times=Count("sightings", filter=here)).filter(times__gt=0)
    return rows.select_related("skill", "decided_by")


def visible_sightings(user: Viewer, consortium: Consortium) -> QuerySet[Sighting]:
    if not is_secretary(user, consortium):
        return Sighting.objects.none()
    joined = "position__organisation position__consortium unit__edition__standard__consortium"
    return Sighting.objects.filter(consortium=consortium).select_related(*joined.split())


def visible_readings(user: User, url: str) -> QuerySet[Job]:
    """The jobs of ``user`` whose result that page shows, the newest first."""
    return visible_jobs(user).filter(by=user, url=url)


def may_read(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` have texts of ``consortium`` read: all of them, or those of their own unit?"""
    members = Membership.objects.current().filter(consortium=consortium)
    if is_secretary(user, consortium):
        return YES
    if members.filter(organisation__in=organisations_of(user) | writes_for(user)).exists():
        return YES
    return Verdict(_("Only the secretariat and members can do this."))


def may_review(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` decide on new terms?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_decide(user: Viewer, suggestion: Suggestion) -> Verdict:
    if suggestion.state != Suggestion.State.WAITING:
        return Verdict(_("This has been decided already."))
    return _owns(user, suggestion) and _can_change(suggestion)


def may_undo(user: Viewer, suggestion: Suggestion) -> Verdict:
    if suggestion.state == Suggestion.State.WAITING:
        return Verdict(_("Nothing has been decided yet."))
    return _owns(user, suggestion) and _can_change(suggestion)


def _owns(user: Viewer, suggestion: Suggestion) -> Verdict:
    if suggestion.position:
        owner = suggestion.position.organisation
        return YES if acts_for(user, owner) else Verdict(_("Only the employer can do this."))
    standard = suggestion.unit.edition.standard  # type: ignore[union-attr]
    if may_write(user, standard) or is_secretary(user, standard.consortium):
        return YES
    return Verdict(_("Only the school and the secretariat can do this."))


def _can_change(suggestion: Suggestion) -> Verdict:
    if suggestion.position and suggestion.position.state == Position.State.CLOSED:
        return Verdict(_("The position is closed."))
    if suggestion.unit and suggestion.unit.edition.state != Edition.State.DRAFT:
        return Verdict(_("Only an edition that is being drafted can be changed."))
    return YES
