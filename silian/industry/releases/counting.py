"""From the positions that were confirmed in a period to the lines of a release."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.db.models import QuerySet

from silian.governance.consortia.models import Consortium
from silian.industry.demand.models import Position
from silian.industry.releases.models import Line
from silian.kernel import clock

COUNTED = (Position.State.PUBLISHED, Position.State.CLOSED)
NOT_NEW_PEOPLE = ("staff_training",)  # for people whom the employer already has
WITHOUT_WAGES = (Position.Kind.INTERNSHIP, Position.Kind.APPRENTICESHIP)
LEAST_FIRMS = 3  # that must state pay before any of it is shown
MOST_OF_ONE = 0.7  # of the places with stated pay: above it one firm would be betrayed
LINGERS = timedelta(days=60)
ROUNDED = 100  # yuan
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Counted:
    lines: list[Line]
    firms: int
    positions: int


def counted(consortium: Consortium, starts_on: date, ends_on: date) -> Counted:
    """Lines, not saved yet, of every position that was public and true in the period."""
    rows = list(positions_of(consortium, starts_on, ends_on))
    firms = len({row.organisation_id for row in rows})
    return Counted(lines_of(rows, min(ends_on, clock.today())), firms, len(rows))


def positions_of(consortium: Consortium, starts_on: date, ends_on: date) -> QuerySet[Position]:
    """Public before the period ended, and confirmed by its employer in it or later."""
    rows = Position.objects.filter(
        consortium=consortium,
        state__in=COUNTED,
        published_at__date__lte=ends_on,
        confirmed_on__gte=starts_on,
        occupation__isnull=False,
    ).exclude(kind__in=NOT_NEW_PEOPLE)
    return rows.select_related("region").prefetch_related("skill_needs").order_by("published_at")


def lines_of(positions: Iterable[Position], on: date) -> list[Line]:
    """One line an occupation."""
    groups: dict[int, list[Position]] = {}
    for position in positions:
        if position.occupation_id:
            groups.setdefault(position.occupation_id, []).append(position)
    return [_line(occupation, group, on) for occupation, group in groups.items()]


def _line(occupation: int, group: Sequence[Position], on: date) -> Line:
    levels = [need.level for row in group for need in row.skill_needs.all()]
    return Line(
        occupation_id=occupation,
        places=sum(row.places for row in group),
        positions=len(group),
        firms=len({row.organisation_id for row in group}),
        education=_sums(group, "education"),
        kinds=_sums(group, "kind"),
        regions=_sums([row for row in group if row.region], "region.code"),
        mastery=round(sum(levels) / len(levels), 2) if levels else None,
        **_pay(group),
        **_filling(group, on),
    )


def _sums(group: Sequence[Position], path: str) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for row in group:
        value: object = row
        for name in path.split("."):
            value = getattr(value, name)
        sums[str(value)] += row.places
    return dict(sums)


def _pay(group: Sequence[Position]) -> dict[str, int | bool]:
    """Quartiles by head count, where enough firms state pay and none of them stands out."""
    stated = [(pay, row) for row in group if (pay := _middle(row)) is not None]
    if not stated:
        return {}
    by_firm: Counter[int] = Counter()
    for _amount, row in stated:
        by_firm[row.organisation_id] += row.places
    if len(by_firm) < LEAST_FIRMS or max(by_firm.values()) > MOST_OF_ONE * by_firm.total():
        return {"pay_hidden": True}
    pays = np.repeat([pay for pay, _row in stated], [row.places for _pay, row in stated])
    low, median, high = (int(round(q / ROUNDED) * ROUNDED) for q in np.quantile(pays, QUARTILES))
    return {"pay_lower": low, "pay_median": median, "pay_upper": high}


def _middle(row: Position) -> float | None:
    """What somebody in this position earns; wages only, not what trainees are given."""
    ends = [end for end in (row.pay_low, row.pay_high) if end is not None]
    return sum(ends) / len(ends) if ends and row.kind not in WITHOUT_WAGES else None


def _filling(group: Sequence[Position], on: date) -> dict[str, int]:
    """How many positions stayed open for long, or were stated again by the same firm."""
    judged = lingering = reposted = 0
    seen: set[tuple[int, str]] = set()
    for row in group:
        again = (row.organisation_id, row.title_zh) in seen
        seen.add((row.organisation_id, row.title_zh))
        stays = _stayed_open(row, on)
        lingering += stays
        reposted += again and not stays
        judged += stays or again or _published(row) <= on - LINGERS
    return {"judged": judged, "lingering": lingering, "reposted": reposted}


def _stayed_open(row: Position, on: date) -> bool:
    """Open for two months by now, or confirmed as still open when two months had gone by."""
    since = _published(row) + LINGERS
    is_open = row.state == Position.State.PUBLISHED and on >= since
    return is_open or (row.confirmed_on is not None and row.confirmed_on >= since)


def _published(row: Position) -> date:
    if row.published_at is None:
        raise ValueError(f"{row} was never public")
    return row.published_at.date()
