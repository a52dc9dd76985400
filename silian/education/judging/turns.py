"""How a turn goes: begun, interrupted, gone on, finished, or missed. Time lost is given back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from silian.education.judging.models import Interruption, Performance, Sheet
from silian.education.practicals.models import Turn
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import STATE_CHANGED, record
from silian.kernel.states import move

State = Performance.State
EARLIEST = datetime.min.replace(tzinfo=UTC)


def do(turn: Turn, said: Mapping[str, Any], *, at: datetime, by: User) -> bool:
    """Do what a tablet says was done at that moment. ``turn`` is held by the caller.

    False where it is of no use any more: a colleague was faster.
    """
    performance = Performance.objects.filter(turn=turn).first()
    verb = said.get("do")
    if performance is None:
        return _first(turn, str(verb), at=at, by=by)
    at = max(at, _last_moment(performance))
    state = performance.state
    if verb == "begin" and state == State.ABSENT:
        move(performance, State.WORKING, by=by, **_hours(turn, at))
    elif verb == "interrupt" and state == State.WORKING:
        _interrupt(performance, said, at=at, by=by)
    elif verb == "resume" and state == State.INTERRUPTED:
        ends_at = _go_on(performance, at=at)
        move(performance, State.WORKING, by=by, ends_at=ends_at)
    elif verb == "resume" and state == State.FINISHED and not _signed(turn):
        move(performance, State.WORKING, by=by, finished_at=None)
    elif verb == "finish" and state in (State.WORKING, State.INTERRUPTED):
        ends_at = _go_on(performance, at=at)
        move(performance, State.FINISHED, by=by, finished_at=at, ends_at=ends_at)
    else:
        return False
    return True


def _first(turn: Turn, verb: str, *, at: datetime, by: User) -> bool:
    if verb == "begin":
        row = Performance.objects.create(turn=turn, state=State.WORKING, **_hours(turn, at))
    elif verb == "absent":
        row = Performance.objects.create(turn=turn, state=State.ABSENT)
    else:
        return False
    record(row, STATE_CHANGED, by=by, to=row.state)
    return True


def _hours(turn: Turn, at: datetime) -> dict[str, Any]:
    return {"begun_at": at, "ends_at": at + timedelta(minutes=turn.station.minutes)}


def _interrupt(
    performance: Performance, said: Mapping[str, Any], *, at: datetime, by: User
) -> None:
    cause = said.get("cause")
    known = cause if cause in Interruption.Cause.values else Interruption.Cause.OTHER
    note = str(said.get("note") or "").strip()[:300]
    Interruption.objects.create(performance=performance, cause=known, note=note, began_at=at, by=by)
    move(performance, State.INTERRUPTED, by=by, why=note)


def _go_on(performance: Performance, *, at: datetime) -> datetime:
    """The end of the turn, later by what an open interruption took."""
    assert performance.ends_at is not None  # it has begun
    open_one = performance.interruptions.filter(ended_at=None).first()
    if open_one is None:
        return performance.ends_at
    open_one.ended_at = at
    open_one.save(update_fields=["ended_at"])
    return performance.ends_at + open_one.given_back


def _last_moment(performance: Performance) -> datetime:
    """Nothing is told before what was told last, whatever a device's clock says."""
    moments = [performance.begun_at, performance.finished_at]
    for one in performance.interruptions.all():
        moments += [one.began_at, one.ended_at]
    return max((moment for moment in moments if moment), default=EARLIEST)


def _signed(turn: Turn) -> bool:
    return Sheet.objects.filter(turn=turn, state=Sheet.State.SIGNED).exists()
