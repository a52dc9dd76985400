"""What an agreement of each kind lays down: the fields of ``kinds.toml``."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from silian.governance.agreements.models import Agreement
from silian.kernel.bilingual import Bilingual, in_reading_language
from silian.kernel.ui import formats

Pair = tuple[str, str]  # Chinese, English


@dataclass(frozen=True)
class Term:
    """One field of the terms, as a kind of agreement asks for it."""

    name: str
    type: str  # text, long, number, money, date, yes_no, choice, party
    group: Pair
    label_zh: str
    label_en: str
    help_zh: str
    help_en: str
    source_zh: str
    source_en: str
    choices: tuple[tuple[str, str, str], ...]
    required: bool  # before the text is frozen
    label = Bilingual()
    help = Bilingual()
    source = Bilingual()

    @property
    def options(self) -> list[Pair]:
        return [(key, in_reading_language(zh, en)) for key, zh, en in self.choices]

    def shown(self, value: Any, agreement: Agreement) -> str:
        """``value`` as people read it; empty where there is none."""
        if value in (None, ""):
            return ""
        if self.type == "money":
            return formats.money(Decimal(value))
        if self.type == "date":
            return formats.day(date.fromisoformat(value))
        if self.type == "choice":
            return dict(self.options).get(value, "")
        if self.type == "party":
            names = {str(p.organisation_id): p.name for p in agreement.party_set.all()}
            return names.get(str(value), "")
        return str(formats.readable(value))


@cache
def shipped() -> dict[str, list[Term]]:
    """The fields of every kind, in the order in which kinds.toml describes them."""
    facts = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text())
    return {kind: list(_terms(facts, lists)) for kind, lists in facts["kinds"].items()}


def _terms(facts: dict[str, Any], lists: dict[str, list[str]]) -> Iterable[Term]:
    wanted = {*lists["required"], *lists["optional"]}
    unknown = wanted - set(facts["fields"])
    assert not unknown, f"kinds.toml describes no field {unknown}"
    for name, field in facts["fields"].items():
        if name in wanted:
            source = facts["sources"][field["source"]]
            yield Term(
                name=name,
                type=field["type"],
                group=tuple(facts["groups"][field["group"]]),
                label_zh=field["zh"],
                label_en=field["en"],
                help_zh=field.get("help_zh", ""),
                help_en=field.get("help_en", ""),
                source_zh=source[0],
                source_en=source[1],
                choices=tuple(map(tuple, field.get("choices", ()))),
                required=name in lists["required"],
            )


def terms_of(kind: str) -> list[Term]:
    return shipped()[kind]


def missing(agreement: Agreement) -> list[Term]:
    """What this agreement must say before it is frozen, and does not say yet."""
    given = agreement.terms or {}
    return [t for t in terms_of(agreement.kind) if t.required and given.get(t.name) in (None, "")]


def grouped(terms: Iterable[Term]) -> dict[Pair, list[Term]]:
    found: dict[Pair, list[Term]] = {}
    for term in terms:
        found.setdefault(term.group, []).append(term)
    return found


def described(agreement: Agreement) -> list[tuple[str, list[tuple[Term, str]]]]:
    """What was laid down, by group, as people read it; nothing of what is empty."""
    given = agreement.terms or {}
    found = []
    for group, terms in grouped(terms_of(agreement.kind)).items():
        lines = [(term, term.shown(given.get(term.name), agreement)) for term in terms]
        if lines := [line for line in lines if line[1]]:
            found.append((in_reading_language(*group), lines))
    return found
