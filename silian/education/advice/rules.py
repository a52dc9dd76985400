"""The thresholds of rules.toml, applied to what is known of a programme or an occupation."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from silian.education.advice.models import Advice

Verb = Advice.Verb


@dataclass(frozen=True)
class Evidence:
    """What speaks for an advice; None where it is not known."""

    demand: int | None
    graduates: int | None
    demand_next: int | None = None
    graduates_next: int | None = None
    level: int = 0  # of the shortage of the most wanted occupation
    years_without_demand: int = 0
    programmes: int = 0  # that train for it and take students

    @property
    def coverage(self) -> float | None:
        return _covered(self.graduates, self.demand)

    @property
    def later(self) -> float | None:
        return _covered(self.graduates_next, self.demand_next)


@cache
def shipped() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text())


def verb_for(found: Evidence, rules: Mapping[str, Any] | None = None) -> str | None:
    """What a programme with this evidence is advised; None where too little is known."""
    rules = rules or shipped()
    if found.coverage is None:
        return None
    if _too_many(found, rules["stop"]) or _unwanted(found, rules["stop"]):
        return Verb.STOP
    if _too_many(found, rules["shrink"]):
        return Verb.SHRINK
    return Verb.GROW if _too_few(found, rules["grow"]) else Verb.KEEP


def opens(found: Evidence, rules: Mapping[str, Any] | None = None) -> bool:
    """Should somebody open a programme for an occupation with this evidence?"""
    wanted = (rules or shipped())["open"]
    enough = (found.demand or 0) >= wanted["least_demand"]
    return enough and found.level >= wanted["level"] and not found.programmes


def _too_many(found: Evidence, rule: Mapping[str, Any]) -> bool:
    later = found.later is None or found.later > rule["later_above"]
    return found.coverage is not None and found.coverage > rule["coverage_above"] and later


def _unwanted(found: Evidence, rule: Mapping[str, Any]) -> bool:
    return found.years_without_demand >= int(rule["years_without_demand"])


def _too_few(found: Evidence, rule: Mapping[str, Any]) -> bool:
    later = found.later is None or found.later < rule["later_below"]
    few = found.coverage is not None and found.coverage < rule["coverage_below"]
    return few and later and found.level >= rule["level"]


def _covered(graduates: int | None, demand: int | None) -> float | None:
    """Graduates for each person needed; for one where nobody is needed."""
    return None if graduates is None or demand is None else graduates / max(demand, 1)
