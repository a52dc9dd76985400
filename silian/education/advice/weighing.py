"""From supply, demand and shortages to the lines of advice, each with its evidence."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from silian.education.advice.models import Advice
from silian.education.advice.rules import Evidence, opens, verb_for
from silian.education.forecasts.figures import (
    Supply,
    Track,
    Years,
    demand_ahead,
    occupations_named,
    supply_by_occupation,
)
from silian.education.forecasts.sides import Book
from silian.education.shortages.models import Entry
from silian.education.shortages.policy import shortages_of
from silian.engines.forecasting import Forecast
from silian.kernel.codes.models import Code


class Weighing:
    """The advice on a consortium's programmes, by the figures of one year."""

    def __init__(self, book: Book, year: int, rules: Mapping[str, Any]) -> None:
        self.book, self.year, self.rules = book, year, rules
        self.supply: dict[str, Supply] = supply_by_occupation(book.tracks)
        self.short: dict[str, Entry] = shortages_of(book.consortium)
        self.named: dict[str, Code] = occupations_named({*book.demand, *self.supply})
        self.ahead = {code: self._ahead(book.needed(code)) for code in self.named}

    def lines(self) -> list[Advice]:
        """Lines, not saved yet: what to open, then programme by programme."""
        opening = [self._opening(code) for code in sorted(self.book.demand)]
        running = [self._running(track) for track in self.book.tracks if _takes_students(track)]
        return [line for line in [*opening, *running] if line]

    def _opening(self, code: str) -> Advice | None:
        supply = self.supply.get(code)
        tracks = [track for track in supply.tracks if _takes_students(track)] if supply else []
        evidence = self._evidence([code], programmes=len(tracks))
        if code not in self.named or not opens(evidence, self.rules):
            return None
        return Advice(
            verb=Advice.Verb.OPEN,
            occupation=self.named[code],
            evidence=self._kept(evidence, code),
        )

    def _running(self, track: Track) -> Advice | None:
        codes = [code for code in track.shares if code in self.named]
        if not codes:
            return None
        most = max(codes, key=lambda code: (self._demand(code) or 0, code))
        evidence = self._evidence(codes, programmes=1)
        verb = verb_for(evidence, self.rules)
        if verb is None:
            return None
        kept = self._kept(evidence, most) | {
            "own_graduates": _whole(track.graduated.get(self.year)),
            "own_intake": _whole(track.entered.get(max(track.entered, default=0))),
        }
        return Advice(
            verb=verb, programme=track.programme, occupation=self.named[most], evidence=kept
        )

    def _evidence(self, codes: list[str], *, programmes: int) -> Evidence:
        """Of several occupations together; None as soon as one of them is not known."""
        return Evidence(
            demand=_sum(self._demand(code) for code in codes),
            graduates=_sum(self._graduates(code) for code in codes),
            demand_next=_sum(self.ahead.get(code) for code in codes),
            graduates_next=_sum(self._leaving(code) for code in codes),
            level=max((self._level(code) for code in codes), default=0),
            years_without_demand=min((self._idle(code) for code in codes), default=0),
            programmes=programmes,
        )

    def _kept(self, evidence: Evidence, most: str) -> dict[str, Any]:
        """As it is stored beside the line: the figures, and what the catalogue says."""
        entry = self.short.get(most)
        facts = entry.facts if entry else {}
        judged = facts.get("judged") or 0
        hard = (facts.get("lingering", 0) + facts.get("reposted", 0)) / judged if judged else None
        return asdict(evidence) | {
            "stars": entry.stars if entry else None,
            "firms": facts.get("firms"),
            "hard_to_fill": hard,
            "coverage": _rounded(evidence.coverage),
            "later": _rounded(evidence.later),
        }

    def _demand(self, code: str) -> float | None:
        return self.book.needed(code).get(self.year)

    def _graduates(self, code: str) -> float | None:
        supply = self.supply.get(code)
        return supply.years.get(self.year) if supply else 0.0

    def _leaving(self, code: str) -> float | None:
        supply = self.supply.get(code)
        if supply is None:
            return 0.0
        coming = supply.ahead(self.year + 1)
        return coming.value if coming else None

    def _ahead(self, series: Years) -> float | None:
        found = demand_ahead(series, horizon=1)
        coming = found.of(self.year + 1) if isinstance(found, Forecast) else None
        return coming.value if coming else None

    def _level(self, code: str) -> int:
        return self.short[code].level if code in self.short else 0

    def _idle(self, code: str) -> int:
        """In how many releases in a row, up to the last, nobody was needed."""
        series, idle = self.book.needed(code), 0
        for year in reversed(self.book.released):
            if year > self.year:
                continue
            if series.get(year, 0):
                break
            idle += 1
        return idle


def _takes_students(track: Track) -> bool:
    return track.programme.is_open


def _sum(values: Any) -> int | None:
    known = list(values)
    return None if not known or None in known else round(sum(known))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)
