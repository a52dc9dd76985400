"""When turns will really begin, once one of them took longer than planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Turn:
    """A planned stay of somebody at a desk, and what became of it so far."""

    key: int
    desk: tuple[int, int]  # station and desk
    entrant: int
    planned: datetime
    length: timedelta
    begun_at: datetime | None = None
    ends_at: datetime | None = None  # known once it has begun; given time included
    missed: bool = False  # the candidate did not come: nobody waits for the desk


def expected(turns: Iterable[Turn], *, pause: timedelta, now: datetime) -> dict[int, datetime]:
    """The beginning of each turn: never before its plan, nor while desk or candidate are busy.

    A turn that has not begun begins now at the earliest.
    """
    free_desk: dict[tuple[int, int], datetime] = {}
    free_entrant: dict[int, datetime] = {}
    begins: dict[int, datetime] = {}
    for turn in sorted(turns, key=lambda one: (one.begun_at or one.planned, one.key)):
        if turn.missed:
            begins[turn.key] = turn.planned
            continue
        waits = [free_desk.get(turn.desk), free_entrant.get(turn.entrant), turn.planned, now]
        begin = turn.begun_at or max(moment for moment in waits if moment)
        end = turn.ends_at or begin + turn.length
        begins[turn.key] = begin
        free_desk[turn.desk] = free_entrant[turn.entrant] = end + pause
    return begins
