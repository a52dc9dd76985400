"""Undoing a place with what stands on it.

Apps above say what that is, in their ``receivers.py``::

    @undoing.source
    def internships_of(keys: Collection[int]) -> Iterable[Tie]: ...

    @undoing.follower
    def give_up_internship(placement: Placement, *, by: User, reason: str) -> None: ...
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction

from silian.kernel.accounts.models import User
from silian.kernel.states import IllegalMove, move
from silian.kernel.verdicts import YES, Verdict
from silian.talent.placement.models import Placement


@dataclass(frozen=True)
class Tie:
    """One thing that stands on a place: it hinders an undoing, or is given up with it."""

    placement: int
    words: str  # what follows, in the reader's language; where it hinders, what to do first
    hinders: bool


class Follower(Protocol):
    def __call__(self, placement: Placement, *, by: User, reason: str) -> None: ...


Source = Callable[[Collection[int]], Iterable[Tie]]
sources: list[Source] = []
followers: list[Follower] = []


def source(function: Source) -> Source:
    sources.append(function)
    return function


def follower(function: Follower) -> Follower:
    followers.append(function)
    return function


def with_ties(placements: Iterable[Placement]) -> list[Placement]:
    """The rows, with what stands on each: asked once for all of them."""
    rows = list(placements)
    ties: defaultdict[int, list[Tie]] = defaultdict(list)
    for ask in sources:
        for tie in ask([row.pk for row in rows]):
            ties[tie.placement].append(tie)
    for row in rows:
        vars(row)["ties"] = ties[row.pk]
    return rows


def ties_of(placement: Placement) -> list[Tie]:
    if "ties" not in vars(placement):
        with_ties([placement])
    found: list[Tie] = vars(placement)["ties"]
    return found


def may_undo(placement: Placement) -> Verdict:
    """Does nothing stand on the place that has to be ended first?"""
    hindering = [tie.words for tie in ties_of(placement) if tie.hinders]
    return Verdict(hindering[0]) if hindering else YES


@transaction.atomic
def undo(
    placement: Placement, state: Placement.State, *, by: User, reason: str, **facts: Any
) -> None:
    """End a place, and with it what is only being prepared on it; each follower tells its own."""
    held = Placement.objects.select_for_update().get(pk=placement.pk)  # nothing new begins on it
    if not (verdict := may_undo(held)):
        raise IllegalMove(verdict.reason)
    for give_up in followers:
        give_up(placement, by=by, reason=reason)
    move(placement, state, by=by, why=reason, reason=reason, **facts)
