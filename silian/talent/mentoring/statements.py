"""What is due for mentors of a cohort in one quarter, as its other side confirmed their hours."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from silian.kernel.ui import formats
from silian.talent.cohorts.models import Cohort
from silian.talent.mentoring.models import Mentor

SUM = DecimalField(max_digits=10, decimal_places=1)


@dataclass(frozen=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        month = 3 * self.number
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def previous(self) -> "Quarter":
        if self.number > 1:
            return Quarter(self.year, self.number - 1)
        return Quarter(self.year - 1, 4)

    def __str__(self) -> str:
        return _("Quarter %(number)s of %(year)s") % {"number": self.number, "year": self.year}


@dataclass(frozen=True)
class Due:
    """One mentor's line."""

    mentor: Mentor
    hours: Decimal  # confirmed
    open_hours: Decimal  # not confirmed yet, or objected to

    @property
    def fee(self) -> Decimal:
        return (self.hours * self.mentor.fee).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Statement:
    cohort: Cohort
    quarter: Quarter
    lines: list[Due]

    @property
    def hours(self) -> Decimal:
        return sum((line.hours for line in self.lines), Decimal(0))

    @property
    def fee(self) -> Decimal:
        return sum((line.fee for line in self.lines), Decimal(0))

    def markdown(self) -> str:
        heads = [
            _("Mentor"),
            _("Organisation"),
            _("Confirmed hours"),
            _("Fee an hour"),
            _("Due"),
        ]
        rows = [
            [
                line.mentor.name,
                line.mentor.organisation.name,
                formats.number(line.hours),
                formats.money(line.mentor.fee),
                formats.money(line.fee),
            ]
            for line in self.lines
        ]
        rows.append([_("Total"), "", formats.number(self.hours), "", formats.money(self.fee)])
        return grid(heads, rows)


def statement_of(cohort: Cohort, quarter: Quarter) -> Statement:
    within = Q(hours__on__range=(quarter.first, quarter.last))
    confirmed = Q(within, hours__state="confirmed")
    rows = cohort.mentors.select_related("organisation").annotate(
        done=Coalesce(Sum("hours__hours", filter=confirmed), 0, output_field=SUM),
        waiting=Coalesce(
            Sum("hours__hours", filter=within & ~Q(hours__state="confirmed")), 0, output_field=SUM
        ),
    )
    lines = [Due(mentor, mentor.done, mentor.waiting) for mentor in rows]
    return Statement(cohort, quarter, [one for one in lines if one.hours or one.open_hours])


def quarters_of(cohort: Cohort, today: date) -> list[Quarter]:
    """Every quarter of the cohort's time that has begun, the last first."""
    found = [Quarter.of(min(cohort.ends_on, today))]
    while found[-1].first > cohort.starts_on:
        found.append(found[-1].previous)
    return found


def grid(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A table in Markdown."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(str(text)) for text in line)} |" for line in lines)


def _cell(text: str) -> str:
    for sign in "\\|`*_[]<>":
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
