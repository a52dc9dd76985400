"""From a demand release, the graduates of the schools and a formula to the entries."""

from dataclasses import asdict
from typing import Any

from silian.education.forecasts.figures import Supply, supply_by_occupation, tracks_of
from silian.education.shortages.formula import Told, engine_of
from silian.education.shortages.models import Entry
from silian.engines.shortage import Formula, demand_per_graduate, index
from silian.industry.releases.models import Line, Release
from silian.industry.releases.policy import release_of

LEAST_JUDGED = 3  # positions, before a share of them says anything


def entries_of(release: Release, told: Told) -> tuple[list[Entry], int | None]:
    """Entries, not saved yet, and the year whose graduates were counted."""
    tracks = tracks_of(release.consortium)
    years = [year for track in tracks for year in track.graduated if year <= release.year]
    year = max(years, default=None)
    supply = supply_by_occupation(tracks)
    before = _pay_before(release)
    formula = engine_of(told)
    rows = release.lines.filter(places__gt=0).select_related("occupation")
    entries = []
    for line in rows:
        code = line.occupation.code
        graduates = _graduates(supply.get(code), year)
        facts = _facts(line, before.get(code)) | _supply_facts(supply.get(code), year)
        entries.append(_entry(line, graduates, facts, formula))
    return entries, year


def _entry(line: Line, graduates: float | None, facts: dict[str, Any], formula: Formula) -> Entry:
    found = index(figures_of(line.places, graduates, facts), formula)
    return Entry(
        occupation=line.occupation,
        demand=line.places,
        graduates=None if graduates is None else round(graduates),
        facts=facts,
        parts=[asdict(part) for part in found.parts],
        index=found.value,
        computed_stars=found.stars,
        computed_level=found.level,
        stars=found.stars,
        level=found.level,
    )


def figures_of(
    demand: int, graduates: float | None, facts: dict[str, Any]
) -> dict[str, float | None]:
    """The figure of each dimension; None where it is not known."""
    judged, now, before = facts["judged"], facts["pay"], facts["pay_before"]
    enough = judged >= LEAST_JUDGED
    return {
        "ratio": demand_per_graduate(demand, graduates),
        "fill": (facts["lingering"] + facts["reposted"]) / judged if enough else None,
        "pay": now / before - 1 if now and before else None,
        "education": facts["education"],
        "mastery": facts["mastery"],
    }


def _facts(line: Line, pay_before: int | None) -> dict[str, Any]:
    return {
        "firms": line.firms,
        "judged": line.judged,
        "lingering": line.lingering,
        "reposted": line.reposted,
        "pay": line.pay_median,
        "pay_hidden": line.pay_hidden,
        "pay_before": pay_before,
        "education": line.mean_education,
        "mastery": line.mastery,
    }


def _supply_facts(supply: Supply | None, year: int | None) -> dict[str, Any]:
    if supply is None or year is None:
        return {"programmes": 0, "stated": 0}
    return {"programmes": len(supply.tracks), "stated": supply.stated(year)}


def _graduates(supply: Supply | None, year: int | None) -> float | None:
    """Nought where no school trains for it; None where those that do, or all, state nothing."""
    if year is None:
        return None
    return 0.0 if supply is None else supply.years.get(year)


def _pay_before(release: Release) -> dict[str, int]:
    """Median pay in the release of the year before, where it was shown."""
    last = release_of(release.consortium, release.year - 1)
    if last is None:
        return {}
    rows = last.lines.filter(pay_median__isnull=False)
    pairs = rows.values_list("occupation__code", "pay_median")
    return {code: pay for code, pay in pairs if pay is not None}
