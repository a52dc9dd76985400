"""Was there a quorum, and did it carry? In exact numbers, with what each was measured against.

Shares are fractions and never floats: two thirds of 62 units are 42, not 41.33. Where votes are
weighed, ``present``, ``eligible`` and the counts are all numbers of votes.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor


class Choice(StrEnum):
    """What one ballot says; ``INVALID`` is one that says nothing that counts."""

    FAVOUR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    INVALID = "invalid"


class Base(StrEnum):
    """Of what a majority is a share."""

    PRESENT = "present"
    ELIGIBLE = "eligible"
    VALID = "valid"


@dataclass(frozen=True)
class Votes:
    """How many votes say what. An abstention is a valid vote; an invalid one is cast, no more."""

    favour: int = 0
    against: int = 0
    abstain: int = 0
    invalid: int = 0

    def __post_init__(self) -> None:
        if min(self.favour, self.against, self.abstain, self.invalid) < 0:
            raise ValueError("nobody casts less than no vote")

    def __add__(self, other: "Votes") -> "Votes":
        return Votes(
            self.favour + other.favour,
            self.against + other.against,
            self.abstain + other.abstain,
            self.invalid + other.invalid,
        )

    @property
    def valid(self) -> int:
        return self.favour + self.against + self.abstain

    @property
    def cast(self) -> int:
        return self.valid + self.invalid


@dataclass(frozen=True)
class Majority:
    """*More than* ``share`` of ``base`` where ``strict``, *at least* ``share`` of it otherwise."""

    share: Fraction = Fraction(1, 2)
    strict: bool = True
    base: Base = Base.PRESENT


@dataclass(frozen=True)
class Quorum:
    """``needed`` is at least ``share`` of those ``eligible``, and never less than one."""

    present: int
    eligible: int
    share: Fraction
    needed: int

    @property
    def met(self) -> bool:
        return self.present >= self.needed


@dataclass(frozen=True)
class Decision:
    """What was voted and what it was measured by: ``needed`` is the majority's share of ``of``."""

    votes: Votes
    quorum: Quorum
    majority: Majority
    of: int
    needed: int

    @property
    def carried(self) -> bool:
        return self.quorum.met and self.votes.favour >= self.needed


def fewest(base: int, share: Fraction, strict: bool) -> int:
    """The fewest votes that reach a share of ``base``: more than 1/2 of 40 are 21.

    At least 2/3 of 62 are 42. Raises ValueError for a share that no number of votes can reach.
    """
    if not 0 < share <= 1 or (strict and share == 1):
        raise ValueError("a share is above nothing, and nobody needs more than all")
    if base < 0:
        raise ValueError("there are no fewer than none")
    return floor(base * share) + 1 if strict else ceil(base * share)


def quorum(present: int, eligible: int, share: Fraction) -> Quorum:
    """Are enough of those entitled there? Raises ValueError for more than there can be."""
    if not 0 <= present <= eligible:
        raise ValueError("no more can be present than are entitled")
    return Quorum(present, eligible, share, max(1, fewest(eligible, share, strict=False)))


def count(ballots: Iterable[tuple[str, int]]) -> Votes:
    """Add up ballots: what each says (a Choice) and how many votes it carries."""
    votes: Counter[Choice] = Counter()
    for choice, weight in ballots:
        if weight < 1:
            raise ValueError("a ballot carries a vote or more")
        votes[Choice(choice)] += weight
    return Votes(*(votes[choice] for choice in Choice))


def decide(
    votes: Votes, *, present: int, eligible: int, quorum_share: Fraction, majority: Majority
) -> Decision:
    """Measure votes by the charter's quorum and majority.

    Raises ValueError where the numbers cannot be, such as more votes cast than there are present.
    """
    if votes.cast > present:
        raise ValueError("no more votes can be cast than are present")
    of = {Base.PRESENT: present, Base.ELIGIBLE: eligible, Base.VALID: votes.valid}[majority.base]
    return Decision(
        votes,
        quorum(present, eligible, quorum_share),
        majority,
        of,
        max(1, fewest(of, majority.share, majority.strict)),
    )
