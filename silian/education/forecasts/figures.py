"""The figures of a consortium by year: what was released as demand, who entered and graduated."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from silian.education.programmes.models import Programme
from silian.engines.forecasting import (
    Ahead,
    Forecast,
    Graduates,
    TooFew,
    forecast,
    graduates,
)
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership
from silian.industry.releases.policy import published_lines
from silian.kernel.codes.models import Code

Years = dict[int, float]


@dataclass(frozen=True)
class Track:
    """One programme: who entered, who graduated, who will, and into which occupations."""

    programme: Programme
    entered: Years
    graduated: Years
    shares: Mapping[str, float]  # code of an occupation: part of the graduates, 0 to 1
    stated: bool  # by the school; else spread evenly
    coming: Graduates | TooFew

    def into(self, occupation: str, year: int) -> float | None:
        """Graduates of ``year`` who go into ``occupation``; None where the school stated none."""
        known = self.graduated.get(year)
        return None if known is None else known * self.shares.get(occupation, 0)

    def ahead(self, year: int) -> Ahead | None:
        return self.coming.of(year) if isinstance(self.coming, Graduates) else None


@dataclass(frozen=True)
class Supply:
    """Graduates for one occupation: by year, of how many programmes, and those to come."""

    tracks: tuple[Track, ...]
    occupation: str
    years: Years = field(default_factory=dict)

    def stated(self, year: int) -> int:
        """How many of the programmes have a figure for ``year``."""
        return sum(year in track.graduated for track in self.tracks)

    def ahead(self, year: int) -> Ahead | None:
        """The sum over the programmes; None where one of them cannot be foretold."""
        found = [
            (part, track.shares.get(self.occupation, 0))
            for track in self.tracks
            if (part := track.ahead(year))
        ]
        if not found or len(found) < len(self.tracks):
            return None
        sums = [
            sum(getattr(part, name) * share for part, share in found)
            for name in ("value", "low", "high")
        ]
        return Ahead(year, *sums)


def programmes_of(consortium: Consortium) -> QuerySet[Programme]:
    """The programmes of the schools that are members today."""
    schools = Membership.objects.current().filter(consortium=consortium).values("organisation")
    found = Programme.objects.filter(school__in=schools).select_related("school", "school__region")
    return found.prefetch_related("figures", "occupations", "shares__occupation")


def tracks_of(consortium: Consortium) -> list[Track]:
    return [track_of(programme) for programme in programmes_of(consortium)]


def track_of(programme: Programme) -> Track:
    rows = list(programme.figures.all())
    entered = {row.year: float(row.enrolled) for row in rows if row.enrolled is not None}
    graduated = {row.year: float(row.graduated) for row in rows if row.graduated is not None}
    shares, stated = _shares(programme)
    coming = graduates(entered, graduated, length=programme.years)
    return Track(programme, entered, graduated, shares, stated, coming)


def _shares(programme: Programme) -> tuple[dict[str, float], bool]:
    codes = [code.code for code in programme.occupations.all()]
    stated = {
        share.occupation.code: share.percent / 100
        for share in programme.shares.all()
        if share.occupation.code in codes
    }
    if stated:
        return stated, True
    return {code: 1 / len(codes) for code in codes}, False


def supply_by_occupation(tracks: Iterable[Track]) -> dict[str, Supply]:
    """Of every occupation that some programme trains for."""
    training: dict[str, list[Track]] = defaultdict(list)
    for track in tracks:
        for code in track.shares:
            training[code].append(track)
    return {code: _supply(code, found) for code, found in training.items()}


def _supply(code: str, tracks: list[Track]) -> Supply:
    years: Years = defaultdict(float)
    for track in tracks:
        for year in track.graduated:
            years[year] += track.into(code, year) or 0
    return Supply(tuple(tracks), code, dict(sorted(years.items())))


def demand_by_occupation(consortium: Consortium) -> dict[str, Years]:
    """Head counts by year; a release counts everything, so what it does not list was nought."""
    rows = list(
        published_lines(consortium).values_list("occupation__code", "release__year", "places")
    )
    years = sorted({year for _code, year, _places in rows})
    found: dict[str, Years] = {}
    for code, year, places in rows:
        found.setdefault(code, dict.fromkeys(years, 0.0))[year] += places
    return found


def demand_ahead(series: Years, *, horizon: int = 3) -> Forecast | TooFew:
    return forecast(series, horizon=horizon)


def occupations_named(codes: Iterable[str]) -> dict[str, Code]:
    """The occupations by code, of whichever version of the list is in use."""
    wanted = Code.objects.filter(list__kind="occupation", code__in=list(codes))
    return {code.code: code for code in wanted.order_by("list__current")}
