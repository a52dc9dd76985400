"""Who follows the judging, who decides where sheets differ, who corrects and closes.

The chief examiner hears the panel and decides. Where the others agree among themselves and only
the chief's own sheet is apart, the chief would decide about themselves: then the office names an
arbiter from the register. So it does where the chief did not judge the candidate.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.examiners.models import Examiner
from silian.education.judging.models import Mark, Sheet
from silian.education.judging.policy import still_judges
from silian.education.practicals.models import Panellist, Practical, Turn
from silian.education.practicals.policy import (
    TOLD,
    may_judge,
    may_manage,
    prepared_by,
    register_for,
)
from silian.education.scoresheets.models import Arbitration
from silian.education.scoresheets.scores import FEWEST, TurnResult, turn_results
from silian.engines import rubric
from silian.governance.roles.policy import Viewer
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Practical.State


def followed_practicals(user: Viewer) -> QuerySet[Practical]:
    """Those whose judging one follows as the office."""
    rows = Practical.objects.select_related("consortium", "organiser", "occupation")
    if not isinstance(user, User):
        return rows.none()
    return rows.filter(prepared_by(user), state__in=TOLD)


def visible_turns(user: Viewer) -> QuerySet[Turn]:
    """For the office, for who has signed a sheet of the turn, and for its arbiter."""
    rows = Turn.objects.select_related(
        "station__practical__consortium", "station__practical__organiser", "entrant__person"
    ).filter(station__practical__state__in=TOLD)
    if not isinstance(user, User):
        return rows.none()
    signed = Sheet.objects.filter(
        turn=OuterRef("pk"), panellist__examiner__user=user, state=Sheet.State.SIGNED
    )
    deciding = Q(arbitration__arbiter__user=user)
    office = prepared_by(user, "station__practical__") & ~still_judges(user, "pk", "station")
    return rows.filter(office | Exists(signed) | deciding)


def visible_marks(user: Viewer, practical: Practical) -> QuerySet[Mark]:
    """Every mark of the signed sheets of an exam, for its office."""
    rows = Mark.objects.filter(
        sheet__turn__station__practical=practical, sheet__state=Sheet.State.SIGNED
    )
    if not isinstance(user, User):
        return rows.none()
    mine = followed_practicals(user).filter(pk=practical.pk)
    hidden = still_judges(user, "sheet__turn", "sheet__turn__station")
    return (
        rows.filter(Exists(mine))
        .exclude(hidden)
        .select_related(
            "criterion__station", "sheet__turn__entrant", "sheet__panellist__examiner__user"
        )
    )


def visible_panel(user: Viewer, practical: Practical) -> QuerySet[Panellist]:
    rows = Panellist.objects.filter(station__practical=practical).select_related("examiner__user")
    return rows.filter(Exists(followed_practicals(user).filter(pk=practical.pk)))


def waiting_decisions(user: User) -> QuerySet[Arbitration]:
    """What ``user`` was named to decide."""
    rows = Arbitration.objects.filter(
        arbiter__user=user,
        state=Arbitration.State.WAITING,
        turn__station__practical__state=State.ANNOUNCED,
    )
    return rows.select_related("turn__station__practical__consortium", "turn__entrant")


def chiefs_practicals(user: User) -> QuerySet[Practical]:
    """The exams that go on, and in which ``user`` is a chief examiner."""
    chief = Panellist.objects.filter(examiner__user=user, chief=True).values("station__practical")
    return Practical.objects.filter(pk__in=chief, state=State.ANNOUNCED)


def arbiters_for(result: TurnResult) -> list[Examiner]:
    """Who of the register may decide: fit, apart from the candidate, and no party to it."""
    parties = {one.panellist.examiner_id for one in result.sheets}
    practical, entrant = result.turn.station.practical, result.turn.entrant
    rows = register_for(practical).exclude(pk__in=parties).prefetch_related("relations")
    return [one for one in rows if may_judge(one, practical, entrant)]


def chief_is_party(result: TurnResult) -> bool:
    """Do the others agree, so that only the chief's own sheet is apart?"""
    others = [one for one in result.sheets if not one.panellist.chief]
    if len(others) < FEWEST:
        return True
    totals = [one.total for one in others if one.total is not None]
    split = rubric.evenly_split([one.failed for one in others], len(others))
    return rubric.apart(totals) <= result.turn.station.practical.difference and not split


def may_arbitrate(user: Viewer, result: TurnResult) -> Verdict:
    going_on = _undecided(result)
    if not going_on:
        return going_on
    if result.arbitration:
        if result.arbitration.arbiter.user_id == user.pk:
            return YES
        return Verdict(_("The arbiter whom the office named decides."))
    by_office = _chief_decides(result)
    if by_office and _chief_of(result) != user.pk:
        return Verdict(_("The chief examiner decides."))
    return by_office


def _chief_of(result: TurnResult) -> int | None:
    """The account of the chief examiner, where the chief judged this candidate."""
    chiefs = [one.panellist.examiner.user_id for one in result.sheets if one.panellist.chief]
    return chiefs[0] if chiefs else None


def _chief_decides(result: TurnResult) -> Verdict:
    if _chief_of(result) is None:
        return Verdict(_("The chief did not judge this candidate: the office names an arbiter."))
    if chief_is_party(result):
        return Verdict(_("Only the chief's own sheet is apart: the office names an arbiter."))
    return YES


def may_decide(user: Viewer, result: TurnResult) -> Verdict:
    """May ``user`` decide something about this candidate for the office?"""
    own = may_manage(user, result.turn.station.practical)
    if own and result.turn.entrant.person.user_id == getattr(user, "pk", 0):
        return Verdict(_("Nobody decides about themselves."))
    return own


def may_name(user: Viewer, result: TurnResult) -> Verdict:
    """May ``user`` name the arbiter?"""
    own = may_decide(user, result)
    if not own:
        return own
    going_on = _undecided(result)
    if not going_on:
        return going_on
    return Verdict(_("The chief examiner decides.")) if _chief_decides(result) else YES


def may_excuse(user: Viewer, result: TurnResult) -> Verdict:
    """May ``user`` do without a missing sheet? Two have to remain."""
    own = may_decide(user, result)
    if not own:
        return own
    if result.turn.station.practical.state != State.ANNOUNCED:
        return Verdict(_("The exam is not going on."))
    if not result.missing or result.absent:
        return Verdict(_("No sheet is missing."))
    if len(result.judges) <= FEWEST:
        return Verdict(_("Two sheets have to remain."))
    return YES


def may_correct(user: Viewer, result: TurnResult) -> Verdict:
    own = may_decide(user, result)
    if own and result.points is None:
        return Verdict(_("The turn is not decided yet."))
    return own


def may_close(user: Viewer, practical: Practical) -> Verdict:
    """Everything is in and decided."""
    own = may_manage(user, practical)
    if not own:
        return own
    if practical.state != State.ANNOUNCED:
        return Verdict(_("The exam is not going on."))
    open_ones = sum(one.points is None for one in turn_results(practical).values())
    if open_ones:
        return Verdict(_("%(n)s turns are not decided yet.") % {"n": open_ones})
    return YES


def _undecided(result: TurnResult) -> Verdict:
    if result.turn.station.practical.state != State.ANNOUNCED:
        return Verdict(_("The exam is not going on."))
    if not result.complete:
        return Verdict(_("Not all sheets are signed yet."))
    if not result.undecided:
        return Verdict(_("There is nothing to decide."))
    return YES
