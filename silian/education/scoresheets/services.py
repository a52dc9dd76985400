"""What becomes of sheets: an arbiter is named and decides, results are corrected, exams closed."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.examiners.models import Examiner
from silian.education.judging.services import excuse
from silian.education.practicals.models import Panellist, Practical, Turn
from silian.education.practicals.services import close_practical
from silian.education.scoresheets import policy
from silian.education.scoresheets.models import Arbitration, Correction, Decided
from silian.education.scoresheets.scores import TurnResult, turn_results
from silian.engines.rubric import Mark
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove, move
from silian.kernel.verdicts import Verdict


def result_of(turn: Turn) -> TurnResult:
    """How a turn stands now."""
    practical = turn.station.practical
    return turn_results(practical, turn.entrant.person_id)[turn.pk]


@transaction.atomic
def name_arbiter(turn: Turn, arbiter: Examiner, *, by: User) -> Arbitration:
    """The office names who decides; another name replaces one who has not decided."""
    result = _held(turn)
    _insist(policy.may_name(by, result))
    if arbiter not in policy.arbiters_for(result):
        raise ValidationError(_("This examiner must not decide here."))
    arbitration, _new = Arbitration.objects.update_or_create(
        turn=turn, defaults={"arbiter": arbiter, "named_by": by}
    )
    record(arbitration, gettext_noop("Arbiter named"), by=by, arbiter=str(arbiter))
    message = gettext_noop("You are to decide where examiners differ: %(turn)s")
    notify([arbiter.user], message, url=arbitration.get_absolute_url(), turn=str(turn))
    return arbitration


@transaction.atomic
def do_without(turn: Turn, panellist: Panellist, *, reason: str, by: User) -> None:
    """Do without a sheet that is missing; asked again under the lock, so that two remain."""
    result = _held(turn)
    _insist(policy.may_excuse(by, result))
    if panellist not in result.missing:
        raise IllegalMove(f"{turn}: {panellist}")
    excuse(turn, panellist, reason=reason, by=by)


@transaction.atomic
def decide(turn: Turn, marks: Mapping[int, Mark], *, reason: str, by: User) -> Arbitration:
    """The chief or the arbiter sets the points where sheets differ; what is common stays.

    ``marks`` are by key of the criterion. Of two who decide at once the second is told.
    """
    result = _held(turn)
    _insist(policy.may_arbitrate(by, result))
    whole = common_marks(result) | dict(marks)
    if set(whole) != set(turn.station.criteria.values_list("pk", flat=True)):
        raise ValidationError(_("Say how many points each line is worth where examiners differ."))
    chief = next((one.panellist.examiner for one in result.sheets if one.panellist.chief), None)
    arbiter = result.arbitration.arbiter if result.arbitration else chief
    assert arbiter is not None  # somebody decides
    return note_decision(result, whole, arbiter=arbiter, reason=reason, at=clock.now(), by=by)


@transaction.atomic
def note_decision(  # noqa: PLR0913  who decided what, when and why
    result: TurnResult,
    marks: Mapping[int, Mark],
    *,
    arbiter: Examiner,
    reason: str,
    at: datetime,
    by: User,
) -> Arbitration:
    """Keep what was decided about every line."""
    arbitration = result.arbitration or Arbitration.objects.create(
        turn=result.turn, arbiter=arbiter
    )
    Decided.objects.bulk_create(
        Decided(arbitration=arbitration, criterion_id=key, points=one.points, passed=one.passed)
        for key, one in marks.items()
    )
    critical = result.turn.station.criteria.filter(critical=True).values_list("pk", flat=True)
    move(
        arbitration,
        Arbitration.State.DECIDED,
        by=by,
        why=reason,
        reason=reason,
        total=sum((one.points for one in marks.values()), Decimal()),
        failed=any(not marks[key].passed for key in critical),
        decided_at=at,
    )
    return arbitration


def common_marks(result: TurnResult) -> dict[int, Mark]:
    """The criteria about which all sheets say the same."""
    said: dict[int, set[Mark]] = {}
    for sheet in result.sheets:
        for mark in sheet.marks.all():
            said.setdefault(mark.criterion_id, set()).add(Mark(mark.points, mark.passed))
    return {key: next(iter(marks)) for key, marks in said.items() if len(marks) == 1}


@transaction.atomic
def correct(turn: Turn, *, points: Decimal, failed: bool, reason: str, by: User) -> Correction:
    """The result is another, after an appeal or because of an error; what was before stays."""
    result = _held(turn)
    _insist(policy.may_correct(by, result))
    correction = Correction.objects.create(
        turn=turn, points=points, failed=failed, reason=reason, by=by, at=clock.now()
    )
    record(
        turn.station.practical,
        gettext_noop("Result of a turn corrected"),
        by=by,
        turn=str(turn),
        was=f"{result.points}",
        now=f"{points}",
        reason=reason,
    )
    return correction


@transaction.atomic
def close(practical: Practical, *, by: User) -> None:
    """Everything is in: nothing is judged any more, and the results stand."""
    Practical.objects.select_for_update().get(pk=practical.pk)
    practical.refresh_from_db()
    _insist(policy.may_close(by, practical))
    close_practical(practical, by=by)


def _held(turn: Turn) -> TurnResult:
    """The turn as it stands, held so that nobody else decides about it meanwhile."""
    Turn.objects.select_for_update(of=("self",)).get(pk=turn.pk)
    turn.station.practical.refresh_from_db()
    return result_of(turn)


def _insist(verdict: Verdict) -> None:
    """What the page offered may have changed since; then somebody else was faster."""
    if not verdict:
        raise IllegalMove(verdict.reason)
