"""Supply and demand side by side: by occupation, programme, skill, region and year."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.forecasts.figures import (
    Track,
    Years,
    demand_ahead,
    demand_by_occupation,
    occupations_named,
    supply_by_occupation,
    tracks_of,
)
from silian.education.standards.models import Edition, Taught
from silian.engines.forecasting import Forecast
from silian.governance.consortia.models import Consortium
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.occupations.models import Skill
from silian.industry.releases.policy import published_lines
from silian.kernel.codes.models import Code, CodeList

BALANCED = 0.15  # of the demand: a smaller gap is none


@dataclass(frozen=True)
class Side:
    """One line: what is needed, who graduates, and both of the year after."""

    name: str
    url: str = ""
    demand: int | None = None
    supply: int | None = None
    demand_next: int | None = None
    supply_next: int | None = None
    own: int | None = None  # graduates of the programme itself
    stated: int | None = None  # programmes with a figure …
    programmes: int | None = None  # … of how many

    @property
    def gap(self) -> int | None:
        """How many are missing; below zero there are too many."""
        return None if None in (self.demand, self.supply) else self.demand - self.supply  # type: ignore[operator]

    @property
    def gap_next(self) -> int | None:
        if self.demand_next is None or self.supply_next is None:
            return None
        return self.demand_next - self.supply_next

    @property
    def balance(self) -> str:
        """Short, in surplus or balanced; empty where a side is not known."""
        if self.gap is None:
            return ""
        if abs(self.gap) <= BALANCED * max(self.demand or 0, 1):
            return _("Balanced")
        return _("Short") if self.gap > 0 else _("Surplus")


@dataclass(frozen=True)
class Book:
    """What a page about a consortium's supply and demand reads once."""

    consortium: Consortium
    tracks: Sequence[Track]
    demand: dict[str, Years]

    @property
    def years(self) -> list[int]:
        """Every year with a figure on either side, the last first."""
        found = {year for series in self.demand.values() for year in series}
        found |= {year for track in self.tracks for year in track.graduated}
        return sorted(found, reverse=True)

    def needed(self, code: str) -> Years:
        """Demand for an occupation by year: nought in every release that does not list it."""
        return self.demand.get(code) or dict.fromkeys(self.released, 0.0)

    @property
    def released(self) -> list[int]:
        return sorted({year for series in self.demand.values() for year in series})


def book_of(consortium: Consortium) -> Book:
    return Book(consortium, tracks_of(consortium), demand_by_occupation(consortium))


def by_occupation(book: Book, year: int) -> list[Side]:
    supply = supply_by_occupation(book.tracks)
    codes = set(book.demand) | set(supply)
    named = occupations_named(codes)
    sides = []
    for code in sorted(codes & set(named)):
        series, graduates = book.needed(code), supply.get(code)
        ahead = demand_ahead(series)
        coming = ahead.of(year + 1) if isinstance(ahead, Forecast) else None
        leaving = graduates.ahead(year + 1) if graduates else None
        sides.append(
            Side(
                name=named[code].name,
                url=reverse("forecasts:occupation", args=[book.consortium, code]),
                demand=_whole(series.get(year)),
                supply=_whole(graduates.years.get(year) if graduates else _none_trained(book)),
                demand_next=_whole(coming.value if coming else None),
                supply_next=_whole(leaving.value if leaving else None),
                stated=graduates.stated(year) if graduates else 0,
                programmes=len(graduates.tracks) if graduates else 0,
            )
        )
    return sides


def by_programme(book: Book, year: int) -> list[Side]:
    """What is needed of a programme's occupations, beside all who graduate for them."""
    supply = supply_by_occupation(book.tracks)
    sides = []
    for track in book.tracks:
        codes = list(track.shares)
        ahead = [supply[code].ahead(year + 1) for code in codes]
        sides.append(
            Side(
                name=f"{track.programme.name} · {track.programme.school.name}",
                url=reverse("forecasts:programme", args=[book.consortium, track.programme.pk]),
                demand=_sum([book.needed(code).get(year) for code in codes]),
                supply=_sum([supply[code].years.get(year) for code in codes]),
                supply_next=_sum([one.value if one else None for one in ahead]),
                own=_whole(track.graduated.get(year)),
                stated=int(year in track.graduated),
                programmes=1,
            )
        )
    return sides


def by_skill(book: Book, year: int) -> list[Side]:
    """Positions open today that ask for a skill, beside graduates who were taught it."""
    asked = SkillNeed.objects.filter(
        position__consortium=book.consortium, position__state=Position.State.PUBLISHED
    )
    wanted = dict(asked.order_by().values_list("skill").annotate(Sum("position__places")))
    tracks = {track.programme.pk: track for track in book.tracks}
    links = Taught.objects.filter(
        unit__edition__state=Edition.State.PUBLISHED,
        unit__edition__standard__programme__in=tracks,
    )
    teaching: dict[int, set[int]] = defaultdict(set)
    for key, programme in links.values_list("skill", "unit__edition__standard__programme"):
        teaching[key].add(programme)
    sides = []
    for skill in Skill.objects.filter(pk__in=set(wanted) | set(teaching)):
        taught = [tracks[pk] for pk in teaching.get(skill.pk, ())]
        known = [track.graduated[year] for track in taught if year in track.graduated]
        sides.append(
            Side(
                name=skill.name,
                demand=wanted.get(skill.pk, 0),
                supply=_whole(sum(known) if known or not taught else None),
                stated=len(known),
                programmes=len(taught),
            )
        )
    return sides


def by_region(book: Book, year: int) -> list[Side]:
    """Where people are needed, beside where the schools stand that they graduate from."""
    wanted: Counter[str] = Counter()
    for regions in (
        published_lines(book.consortium)
        .filter(release__year=year)
        .values_list("regions", flat=True)
    ):
        wanted.update(regions)
    leaving: Counter[str] = Counter()
    for track in book.tracks:
        if track.programme.school.region and year in track.graduated:
            leaving[track.programme.school.region.code] += round(track.graduated[year])
    codes = Code.objects.current(CodeList.Kind.REGION).filter(code__in=set(wanted) | set(leaving))
    return [
        Side(
            name=code.full_name,
            demand=wanted.get(code.code, 0) if year in book.released else None,
            supply=leaving.get(code.code, 0),
        )
        for code in codes
    ]


def by_year(book: Book, year: int) -> list[Side]:
    """All occupations together, year by year."""
    sides = []
    for one in book.years:
        leaving = [track.graduated[one] for track in book.tracks if one in track.graduated]
        needed = [series[one] for series in book.demand.values() if one in series]
        sides.append(
            Side(
                name=str(one),
                url=f"?by=occupation&year={one}",
                demand=_whole(sum(needed) if needed else None),
                supply=_whole(sum(leaving) if leaving else None),
                stated=len(leaving),
                programmes=len(book.tracks),
            )
        )
    return sides


WAYS: dict[str, tuple[object, Callable[[Book, int], list[Side]]]] = {
    "occupation": (gettext_lazy("By occupation"), by_occupation),
    "programme": (gettext_lazy("By programme"), by_programme),
    "skill": (gettext_lazy("By skill"), by_skill),
    "region": (gettext_lazy("By region"), by_region),
    "year": (gettext_lazy("By year"), by_year),
}


def _none_trained(book: Book) -> float | None:
    """No programme trains for it: that is nought, once schools have stated anything at all."""
    return 0.0 if any(track.graduated for track in book.tracks) else None


def _sum(values: Sequence[float | None]) -> int | None:
    """Of all, or nothing where one is not known."""
    known = [value for value in values if value is not None]
    return round(sum(known)) if known and len(known) == len(values) else None


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
