"""Who may see a result, and who may rehearse, run and publish a round."""

from django.db.models import Max, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from silian.governance.roles.policy import Viewer, is_secretary, secretariats_of
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict
from silian.talent.placement.models import Decision, Outcome, Run
from silian.talent.rounds.models import Round, Seat
from silian.talent.wishes.models import WishList

State = Round.State
MOST_REHEARSALS = 5


def visible_runs(found: Round) -> QuerySet[Run]:
    """The run whose result was published: the newest. One before publication is nobody's."""
    published = found.state == State.PUBLISHED
    newest = found.runs.values_list("pk", flat=True)[:1] if published else []
    return Run.objects.filter(pk__in=list(newest))


def visible_outcomes(run: Run) -> QuerySet[Seat]:
    """The seats of a round with what a run made of them, all parts together."""
    parts = Outcome.objects.filter(run=run, seat=OuterRef("pk")).order_by()
    whole = parts.values("seat").annotate(n=Sum("filled"), most=Max("applicants"))
    rows = run.round.seats.annotate(
        filled=Subquery(whole.values("n")), applicants=Subquery(whole.values("most"))
    )
    return rows.select_related("round__consortium", "position__organisation", "position__region")


def visible_decisions(found: Round) -> QuerySet[Decision]:
    """What was decided by hand is as public as the result; students appear by code."""
    places = [f"{side}__seat__position__organisation" for side in ("ended", "given")]
    lists = WishList.objects.filter(round=found, student=OuterRef("student"))
    rows = found.decisions.annotate(code=Subquery(lists.values("code")))
    published = found.state == State.PUBLISHED
    return rows.select_related(*places) if published else rows.none()


def visible_rehearsals(user: Viewer, found: Round) -> QuerySet[Round]:
    """A rehearsal is its secretariat's alone."""
    return found.rehearsals.filter(consortium__in=secretariats_of(user)).select_related("job")


def may_see_summary(user: Viewer, found: Round) -> Verdict:
    """A computed result is the secretariat's until it is published."""
    return _for_secretariat(user, found)


def may_run(user: Viewer, found: Round) -> Verdict:
    verdict = _for_secretariat(user, found)
    if verdict and found.state != State.RANKING:
        return Verdict(_("A round is computed after its wishes are closed."))
    if verdict and found.asks_employers and clock.now() < found.ranking_until:
        return Verdict(_("Employers were promised the time until the deadline."))
    return verdict


def may_rehearse(user: Viewer, found: Round) -> Verdict:
    """May a copy be computed to see what would come of it?"""
    verdict = _for_secretariat(user, found)
    if verdict and found.state not in (State.WISHING, State.RANKING):
        return Verdict(_("A round is rehearsed once it is open and before it is computed."))
    if verdict and not found.wish_lists.exists():
        return Verdict(_("Nobody has stated a wish yet."))
    if verdict and found.rehearsals.count() >= MOST_REHEARSALS:
        return Verdict(_("Delete an earlier rehearsal first."))
    return verdict


def may_delete_rehearsal(user: Viewer, copy: Round) -> Verdict:
    verdict = _for_secretariat(user, copy)
    if verdict and copy.job and not copy.job.over:
        return Verdict(_("The rehearsal is being computed."))
    return verdict


def may_close_seat(user: Viewer, found: Round) -> Verdict:
    """May a position that cannot run be taken out? Before the computation, or after discarding."""
    verdict = _for_secretariat(user, found)
    if verdict and found.state != State.RANKING:
        return Verdict(_("Discard the result first; then take the position out and compute again."))
    return verdict


def may_publish(user: Viewer, found: Round) -> Verdict:
    return _once_computed(user, found)


def may_discard(user: Viewer, found: Round) -> Verdict:
    return _once_computed(user, found)


def _for_secretariat(user: Viewer, found: Round) -> Verdict:
    if is_secretary(user, found.consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def _once_computed(user: Viewer, found: Round) -> Verdict:
    verdict = _for_secretariat(user, found)
    if verdict and found.state != State.COMPUTED:
        return Verdict(_("There is no unpublished result."))
    return verdict
