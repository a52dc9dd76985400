"""Who may see a result, who may run and publish a round, and who answers an offer."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict
from silian.talent.placement.models import Placement, Run
from silian.talent.rounds.models import Round

State = Round.State


def visible_placements(user: Viewer) -> QuerySet[Placement]:
    """Both sides and the student's school see a placement, and the round's secretariat."""
    mine = Q(student__user=user) if isinstance(user, User) else Q(pk=None)
    acting = organisations_of(user)
    sides = Q(seat__position__organisation__in=acting) | Q(student__school__in=acting)
    secretariat = Q(round__consortium__in=secretariats_of(user))
    rows = Placement.objects.filter(mine | sides | secretariat)
    return rows.select_related(
        "round__consortium",
        "seat__position__organisation",
        "student__school",
        "student__programme",
        "student__user",
    )


def visible_runs(found: Round) -> QuerySet[Run]:
    """The run whose result was published: the newest. One before publication is nobody's."""
    published = found.state == State.PUBLISHED
    newest = found.runs.values_list("pk", flat=True)[:1] if published else []
    return Run.objects.filter(pk__in=list(newest))


def may_see_summary(user: Viewer, found: Round) -> Verdict:
    """A computed result is the secretariat's until it is published."""
    return _for_secretariat(user, found)


def may_run(user: Viewer, found: Round) -> Verdict:
    verdict = _for_secretariat(user, found)
    if verdict and found.state != State.RANKING:
        return Verdict(_("A round is computed after its wishes are closed."))
    by_ranking = found.rule == Round.Rule.RANKING
    if verdict and by_ranking and clock.now() < found.ranking_until:
        return Verdict(_("Employers were promised the time until the deadline."))
    return verdict


def may_publish(user: Viewer, found: Round) -> Verdict:
    return _once_computed(user, found)


def may_discard(user: Viewer, found: Round) -> Verdict:
    return _once_computed(user, found)


def may_accept(user: Viewer, placement: Placement) -> Verdict:
    return _for_student(user, placement) and _while(placement, Placement.State.OFFERED)


def may_decline(user: Viewer, placement: Placement) -> Verdict:
    states = (Placement.State.OFFERED, Placement.State.ACCEPTED)
    return _for_student(user, placement) and _while(placement, *states)


def may_confirm(user: Viewer, placement: Placement) -> Verdict:
    return _for_employer(user, placement) and _while(placement, Placement.State.ACCEPTED)


def may_withdraw(user: Viewer, placement: Placement) -> Verdict:
    states = (Placement.State.OFFERED, Placement.State.ACCEPTED)
    return _for_employer(user, placement) and _while(placement, *states)


def _for_secretariat(user: Viewer, found: Round) -> Verdict:
    if is_secretary(user, found.consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def _once_computed(user: Viewer, found: Round) -> Verdict:
    verdict = _for_secretariat(user, found)
    if verdict and found.state != State.COMPUTED:
        return Verdict(_("There is no unpublished result."))
    return verdict


def _for_student(user: Viewer, placement: Placement) -> Verdict:
    if isinstance(user, User) and placement.student.user_id == user.pk:
        return YES
    return Verdict(_("Only the student can answer this offer."))


def _for_employer(user: Viewer, placement: Placement) -> Verdict:
    if acts_for(user, placement.seat.position.organisation):
        return YES
    return Verdict(_("Only somebody who acts for the employer can do this."))


def _while(placement: Placement, *states: str) -> Verdict:
    if placement.state not in states:
        return Verdict(_("This placement is not waiting for this answer."))
    if clock.now() >= placement.round.confirm_until:
        return Verdict(_("The time to confirm is over."))
    return YES
