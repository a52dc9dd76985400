"""The rules of rules.toml, applied to the facts of an internship.

``applied`` picks the versions that count for it, ``judged`` says which of them it breaks.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import gettext as _

from silian.governance.agreements.models import RuleSetting
from silian.governance.agreements.rules import BLOCK, WARN, RulesBroken, as_set
from silian.governance.agreements.rules import Rule as AnyRule
from silian.governance.consortia.models import Consortium
from silian.talent.statutes.checks import CHECKS, Facts

__all__ = ["BLOCK", "WARN", "RulesBroken"]
OFFER, START = "offer", "start"
STEPS = (OFFER, START)
PREFIX = "internship:"  # of these rules among a consortium's settings
DISCIPLINES = 20  # codes below are of ordinary undergraduates, from there on of vocational students
UNDERGRADUATE, VOCATIONAL = "undergraduate", "vocational"


@dataclass(frozen=True)
class Rule(AnyRule):
    """One version of one rule, with when and for whom it counts."""

    step: str = OFFER
    follows: tuple[str, ...] = ()  # none: every student
    since: date | None = None
    until: date | None = None
    approval: bool = False

    @property
    def kind_names(self) -> list[str]:
        names = {"observation": _("Observation internship"), "post": _("Post internship")}
        return [names[kind] for kind in self.kinds]

    @property
    def follows_names(self) -> list[str]:
        names = {VOCATIONAL: _("vocational students"), UNDERGRADUATE: _("undergraduates")}
        return [names[one] for one in self.follows]

    def counts_for(self, facts: Facts) -> bool:
        day = facts.starts_on
        in_force = (not self.since or self.since <= day) and (not self.until or day <= self.until)
        return (
            in_force
            and (not self.kinds or facts.kind in self.kinds)
            and (not self.follows or text_for(facts.student_code) in self.follows)
        )


class Reason(Protocol):
    """Why a warning is passed; it may need a second person's approval."""

    reason: str
    approved_by_id: Any


@dataclass(frozen=True)
class Finding:
    """What speaks against an internship, in the reader's language, and why it may go on anyway."""

    rule: Rule
    level: str
    message: str
    waiver: Any = None  # a Reason

    @property
    def hinders(self) -> bool:
        return self.waiver is None or self.unapproved

    @property
    def waivable(self) -> bool:
        return self.level == WARN and self.waiver is None

    @property
    def unapproved(self) -> bool:
        """A reason was given, and a second person has not looked at it yet."""
        return bool(self.rule.approval and self.waiver and not self.waiver.approved_by_id)


def text_for(programme: str) -> str:
    """Which text a student follows: 2016/2021 for vocational, 2019 for ordinary undergraduates."""
    two = programme[:2]
    return UNDERGRADUATE if two.isdecimal() and int(two) < DISCIPLINES else VOCATIONAL


@cache
def shipped() -> tuple[Rule, ...]:
    """Every version of every rule, as rules.toml has it."""
    facts = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())["rules"]
    lists = ("kinds", "follows")
    return tuple(
        Rule(**fact | {name: tuple(fact.get(name, ())) for name in lists}) for fact in facts
    )


def rules_of(consortium: Consortium) -> list[Rule]:
    """All versions as ``consortium`` applies them."""
    rows = RuleSetting.objects.filter(consortium=consortium, rule__startswith=PREFIX)
    settings = {row.rule.removeprefix(PREFIX): row for row in rows}
    return [as_set(rule, settings.get(rule.id)) for rule in shipped()]


def applied(facts: Facts, consortium: Consortium, step: str = START) -> list[Rule]:
    """The rules that count for an internship with these ``facts`` at ``step`` and before."""
    steps = STEPS[: STEPS.index(step) + 1]
    return [rule for rule in rules_of(consortium) if rule.step in steps and rule.counts_for(facts)]


def judged(
    facts: Facts, rules: Iterable[Rule], waivers: dict[tuple[str, int], Any]
) -> list[Finding]:
    """Which of ``rules`` are broken, with the reasons given for what may be broken."""
    found = []
    for rule in rules:
        words = CHECKS[rule.check](facts, rule.parameters)
        if words is not None:
            waiver = waivers.get((rule.id, rule.version)) if rule.level == WARN else None
            message = rule.message % {**rule.parameters, **words}
            found.append(Finding(rule, rule.level, message, waiver))
    return found
