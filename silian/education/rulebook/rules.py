"""The rules of rules.toml, applied to an edition.

``findings(edition)`` says what it breaks; ``enforce(edition)`` stops what may not be handed in.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from silian.education.rulebook.checks import CHECKS, Facts, Line
from silian.education.rulebook.models import RuleSetting
from silian.education.standards.figures import sums_of, units_of
from silian.education.standards.models import Edition, Standard, Unit
from silian.education.standards.sections import unwritten
from silian.governance.consortia.models import Consortium
from silian.kernel.bilingual import Bilingual

BLOCK, WARN = RuleSetting.Level.BLOCK, RuleSetting.Level.WARN
QUORUM = "review.quorum"


@dataclass(frozen=True)
class Rule:
    """One rule with its source; a consortium's own numbers and level may stand in it."""

    id: str
    version: int
    level: str
    source_zh: str
    source_en: str
    message_zh: str
    message_en: str
    check: str = ""
    kinds: tuple[str, ...] = ()  # none: all
    levels: tuple[str, ...] = ()  # of the programme; none: all
    parameters: Mapping[str, Any] = field(default_factory=dict)
    configurable: bool = False
    verified: bool = True
    source = Bilingual()
    message = Bilingual()

    @property
    def summary(self) -> str:
        """The message without what it says of one edition."""
        blank = dict.fromkeys(re.findall(r"%\((\w+)\)s", self.message), "…")
        return self.message % {**blank, **self.parameters}

    @property
    def level_name(self) -> str:
        return str(RuleSetting.Level(self.level).label)

    @property
    def blocks(self) -> bool:
        return self.level == BLOCK

    def applies_to(self, standard: Standard) -> bool:
        if not self.check:
            return False
        of_kind = not self.kinds or standard.kind in self.kinds
        return of_kind and (not self.levels or standard.programme.level in self.levels)


@dataclass(frozen=True)
class Finding:
    """What does not add up, and by how much, in the reader's language."""

    rule: Rule
    message: str

    @property
    def blocks(self) -> bool:
        return self.rule.blocks


class DoesNotAddUp(Exception):
    """What may not be handed in as it stands; ``findings`` say why."""

    def __init__(self, found: Iterable[Finding]) -> None:
        self.findings = list(found)
        super().__init__(" ".join(finding.message for finding in self.findings))


def findings(edition: Edition) -> list[Finding]:
    """What ``edition`` breaks, what blocks it first."""
    facts, standard = facts_of(edition), edition.standard
    found = []
    for rule in rules_of(standard.consortium):
        words = CHECKS[rule.check](facts, rule.parameters) if rule.applies_to(standard) else None
        if words is not None:
            found.append(Finding(rule, rule.message % {**rule.parameters, **words}))
    return sorted(found, key=lambda finding: not finding.blocks)


def enforce(edition: Edition, *, reason: str) -> list[Finding]:
    """The warnings; DoesNotAddUp where a rule blocks, or warns and there is no reason."""
    found = findings(edition)
    if hindering := [one for one in found if one.blocks or not reason]:
        raise DoesNotAddUp(hindering)
    return found


@cache
def shipped() -> tuple[Rule, ...]:
    """Every rule as rules.toml has it."""
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())["rules"]
    lists = ("kinds", "levels")
    return tuple(Rule(**row | {name: tuple(row.get(name, ())) for name in lists}) for row in rows)


def rules_of(consortium: Consortium) -> list[Rule]:
    """The rules as ``consortium`` applies them."""
    settings = {one.rule: one for one in RuleSetting.objects.filter(consortium=consortium)}
    return [_as_set(rule, settings.get(rule.id)) for rule in shipped()]


def rule_named(consortium: Consortium, name: str) -> Rule | None:
    return next((rule for rule in rules_of(consortium) if rule.id == name), None)


def _as_set(rule: Rule, setting: RuleSetting | None) -> Rule:
    if setting is None or not rule.configurable:
        return rule
    numbers = {name: setting.numbers.get(name, value) for name, value in rule.parameters.items()}
    return replace(rule, level=setting.level, parameters=numbers)


def facts_of(edition: Edition) -> Facts:
    """Gather what the checks look at."""
    return Facts(
        lines=[_line(unit) for unit in units_of(edition)],
        hours=edition.hours,
        credits=edition.credits,
        years=edition.standard.programme.years,
        unwritten=[kind.name for kind in unwritten(edition)],
    )


def _line(unit: Unit) -> Line:
    return Line(
        title=unit.title,
        theory=unit.theory_hours,
        practice=unit.practice_hours,
        credits=unit.credits,
        part=unit.part,
        elective=unit.elective,
        skills=len(unit.taught.all()),
        course=_in_force(unit.course) if unit.course else None,
    )


def _in_force(course: Standard) -> tuple[int, Decimal] | None:
    edition = course.editions.filter(state=Edition.State.PUBLISHED).first()
    if edition is None:
        return None
    sums = sums_of(edition.units.all())
    return sums.hours, sums.credits


def quorum_of(consortium: Consortium, eligible: int) -> int:
    """How many of ``eligible`` members must give their opinion."""
    rule = rule_named(consortium, QUORUM)
    assert rule is not None  # it ships
    return min(eligible, eligible * int(rule.parameters["percent"]) // 100 + 1)
