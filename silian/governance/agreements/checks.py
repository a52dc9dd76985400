"""What rules.toml can ask: each check is a function of plain facts.

It answers the words for the rule's message where the rule is broken, and None where it is kept.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from silian.governance.members.models import Organisation

BRACKETS = re.compile(r"[(（][^)）]*[)）]$")


@dataclass(frozen=True)
class Facts:
    """All that the checks look at, so that each is a function of plain values."""

    parties: tuple[Organisation, ...]
    terms: Mapping[str, Any]
    starts_on: date
    expires_on: date | None
    colleges: Mapping[int, frozenset[int]]  # of field engineers, by enterprise, this one included
    number_taken: bool  # its registration number stands on another agreement

    @property
    def schools(self) -> list[Organisation]:
        return [party for party in self.parties if party.is_school]

    def of_kinds(self, *kinds: str) -> list[Organisation]:
        return [party for party in self.parties if party.kind in kinds]


Words = dict[str, Any] | None
Check = Callable[[Facts, Mapping[str, Any]], Words]


def enough_parties(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return None if len(facts.parties) >= parameters["least"] else {}


def ends_after_start(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    if facts.expires_on is None or facts.expires_on > facts.starts_on:
        return None
    return {"starts": facts.starts_on, "ends": facts.expires_on}


def school_and_employer(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return None if facts.schools and facts.of_kinds(*parameters["employers"]) else {}


def one_school_one_enterprise(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    counts = len(facts.schools), len(facts.of_kinds(Organisation.Kind.ENTERPRISE))
    return None if counts == (1, 1) else {"schools": counts[0], "enterprises": counts[1]}


def colleges_of_an_enterprise(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    many = {pk for pk, colleges in facts.colleges.items() if len(colleges) > parameters["most"]}
    return _named(party for party in facts.parties if party.pk in many)


def no_branch(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    endings = tuple(parameters["endings"])
    named = ((party, party.name_zh.strip()) for party in facts.parties)
    return _named(party for party, name in named if _is_branch(name, endings))


def long_enough_for_interns(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    if not facts.terms.get("takes_interns") or facts.expires_on is None:
        return None
    last = years_after(facts.starts_on, parameters["years"]) - timedelta(days=1)
    return None if facts.expires_on >= last else {}


def registered_once(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    return {"number": facts.terms.get("registration_number")} if facts.number_taken else None


def seller_is_a_party(facts: Facts, parameters: Mapping[str, Any]) -> Words:
    seller = str(facts.terms.get("seller") or "")
    return None if seller in {str(party.pk) for party in facts.parties} else {}


CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        enough_parties,
        ends_after_start,
        school_and_employer,
        one_school_one_enterprise,
        colleges_of_an_enterprise,
        no_branch,
        long_enough_for_interns,
        registered_once,
        seller_is_a_party,
    )
}


def date_in(value: Any) -> date | None:
    """A day as JSON keeps it."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and value else value or None
    except ValueError:
        return None


def years_after(day: date, years: int) -> date:
    """The same day of a later year; 1 March where there is no 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _is_branch(name: str, endings: tuple[str, ...]) -> bool:
    """「某某公司济南分公司」, 「某某公司济南分公司(筹)」 and 「某某公司(济南分公司)」."""
    bare = BRACKETS.sub("", name)
    inside = name[len(bare) :].strip("()（）")
    return bare.endswith(endings) or inside.endswith(endings)


def _named(parties: Iterable[Organisation]) -> Words:
    names = "、".join(party.name for party in parties)
    return {"names": names} if names else None
