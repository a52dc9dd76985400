"""What the units of an edition come to: hours, credits, and how they are spread."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from silian.education.standards.models import Edition, Unit


@dataclass(frozen=True)
class Sums:
    """Theory, practice and credits of some units."""

    theory: int = 0
    practice: int = 0
    credits: Decimal = Decimal(0)

    @property
    def hours(self) -> int:
        return self.theory + self.practice

    @property
    def practice_share(self) -> int:
        """Per cent of the hours; 0 where there are none."""
        return round(100 * self.practice / self.hours) if self.hours else 0


def sums_of(units: Iterable[Unit]) -> Sums:
    rows = list(units)
    return Sums(
        theory=sum(unit.theory_hours for unit in rows),
        practice=sum(unit.practice_hours for unit in rows),
        credits=sum((unit.credits for unit in rows), Decimal(0)),
    )


def units_of(edition: Edition) -> list[Unit]:
    """The units in order, each with its skills and their level."""
    rows = edition.units.select_related("course__consortium")
    return list(rows.prefetch_related("taught__skill"))


def by_part(units: Iterable[Unit]) -> list[tuple[str, Sums]]:
    """What each part of a plan comes to; nothing for the units of a course."""
    rows = list(units)
    parts = [(part, [u for u in rows if u.part == part.value]) for part in Unit.Part]
    return [(str(part.label), sums_of(own)) for part, own in parts if own]


def by_term(units: Iterable[Unit]) -> list[tuple[int, Sums]]:
    """What each term of a plan comes to, where terms are stated."""
    rows = [unit for unit in units if unit.term]
    terms = sorted({unit.term for unit in rows if unit.term})
    return [(term, sums_of(u for u in rows if u.term == term)) for term in terms]
