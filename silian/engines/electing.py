"""Who is elected by these papers? For one post with some seats, in exact numbers.

A paper says of each candidate ``for``, ``against`` or ``abstain``. A candidate needs the charter's
majority; of those who reach it the ones with the most votes are elected. Who ties for the last
seat goes to another round or to a lot that anybody can draw again. Fewer elected than seats: the
best of the others stand again for the seats that are left.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from hashlib import sha256

from silian.engines.tallying import Base, Choice, Majority, Quorum, Votes, fewest, quorum

Paper = Mapping[str, str]  # candidate: Choice
AGAIN = 2  # how many stand again for each seat that is left, at most


class Tie(StrEnum):
    """What decides between those who tie for the last seat."""

    RUNOFF = "runoff"
    LOT = "lot"


@dataclass(frozen=True)
class Rules:
    """What the charter asks of an election."""

    quorum_share: Fraction = Fraction(2, 3)
    majority: Majority = field(default_factory=Majority)
    tie: Tie = Tie.RUNOFF
    again: int = AGAIN


@dataclass(frozen=True)
class RaceResult:
    """What one round decides for one post; candidates stand by votes, equal ones by name.

    ``elected`` hold a seat. ``tied`` share the last ``open`` seats among more than there are.
    ``again`` stand in the next round. ``lots`` are the draws that were needed, lowest first.
    """

    votes: dict[str, Votes]
    seats: int
    quorum: Quorum
    of: int
    needed: int
    elected: list[str]
    tied: list[str]
    again: list[str]
    lots: dict[str, str]
    invalid: int

    @property
    def open(self) -> int:
        return self.seats - len(self.elected)


def elect(  # noqa: PLR0913  what an election is, each said once
    papers: Iterable[Paper],
    *,
    candidates: Sequence[str],
    seats: int,
    present: int,
    eligible: int,
    rules: Rules,
    seed: str,
    most: int | None = None,
) -> RaceResult:
    """Count ``papers``, each one vote, and say who is elected.

    A paper that favours more than ``most`` candidates is invalid. Raises ValueError where the
    numbers cannot be: more papers than are present, no seat, a candidate nobody knows.
    """
    if seats < 1 or len(set(candidates)) != len(candidates):
        raise ValueError("an election fills a seat or more, from candidates named once")
    votes, cast = count(papers, candidates, most)
    if cast > present:
        raise ValueError("no more papers can be cast than are present")
    enough = quorum(present, eligible, rules.quorum_share)
    invalid = max((v.invalid for v in votes.values()), default=0)
    of = {Base.PRESENT: present, Base.ELIGIBLE: eligible, Base.VALID: cast - invalid}[
        rules.majority.base
    ]
    needed = max(1, fewest(of, rules.majority.share, rules.majority.strict))
    ranked = sorted(candidates, key=lambda name: (-votes[name].favour, name))
    reached = [name for name in ranked if enough.met and votes[name].favour >= needed]
    elected, tied = settle(reached, votes, seats)
    lots: dict[str, str] = {}
    if tied and rules.tie == Tie.LOT:
        lots = draw(tied, seed)
        elected, tied = [*elected, *list(lots)[: seats - len(elected)]], []
    left = seats - len(elected)
    others = [name for name in ranked if name not in elected]
    again = tied or best(others, votes, left * rules.again if enough.met else len(others))
    return RaceResult(votes, seats, enough, of, needed, elected, tied, again, lots, invalid)


def count(
    papers: Iterable[Paper], candidates: Sequence[str], most: int | None = None
) -> tuple[dict[str, Votes], int]:
    """The votes of each candidate, and how many papers there were."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in candidates}
    cast = 0
    for paper in papers:
        cast += 1
        if unknown := set(paper) - set(counted):
            raise ValueError(f"nobody knows the candidates {sorted(unknown)}")
        favoured = sum(choice == Choice.FAVOUR for choice in paper.values())
        invalid = most is not None and favoured > most
        for name in candidates:
            said = Choice.INVALID if invalid else Choice(paper.get(name, Choice.ABSTAIN))
            counted[name][said] += 1
    return {name: Votes(*(c[choice] for choice in Choice)) for name, c in counted.items()}, cast


def settle(
    reached: Sequence[str], votes: Mapping[str, Votes], seats: int
) -> tuple[list[str], list[str]]:
    """Who of those who reached the majority has a seat, and who ties for what is left of them."""
    if len(reached) <= seats:
        return list(reached), []
    edge = votes[reached[seats - 1]].favour
    if votes[reached[seats]].favour < edge:
        return list(reached[:seats]), []
    above = [name for name in reached if votes[name].favour > edge]
    return above, [name for name in reached if votes[name].favour == edge]


def best(ranked: Sequence[str], votes: Mapping[str, Votes], places: int) -> list[str]:
    """The first ``places`` of those ranked, and whoever has as many votes as the last of them."""
    if places >= len(ranked) or places == 0:
        return list(ranked[:places])
    edge = votes[ranked[places - 1]].favour
    return [name for name in ranked if votes[name].favour >= edge]


def draw(names: Iterable[str], seed: str) -> dict[str, str]:
    """A lot for each: SHA-256 of ``seed:name``. The lowest comes first."""
    lots = {name: sha256(f"{seed}:{name}".encode()).hexdigest() for name in names}
    return dict(sorted(lots.items(), key=lambda lot: lot[1]))
