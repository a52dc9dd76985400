"""The rules of rules.toml, applied to a cohort, to a learner of it and to a mentor's apprentices.

``findings(cohort)`` says what it breaks; ``enforce(cohort)`` stops what may not be opened.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Sum

from silian.governance.agreements.models import Agreement
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual
from silian.kernel.ui import formats
from silian.talent.cohorts.models import Cohort, Learner, Waiver

Words = Mapping[str, Any] | None  # what fills the message; None where the rule is kept
WARN = "warn"


@dataclass(frozen=True)
class Rule:
    """One rule with its source."""

    id: str
    version: int
    level: str
    check: str
    source_zh: str
    source_en: str
    message_zh: str
    message_en: str
    kinds: tuple[str, ...] = ()  # none: all kinds
    of: str = "cohort"  # what it looks at: cohort, learner, mentor
    parameters: Mapping[str, Any] = field(default_factory=dict)
    verified: bool = True
    source = Bilingual()
    message = Bilingual()


@dataclass(frozen=True)
class Finding:
    """What speaks against a cohort, and why it may be opened anyway."""

    rule: Rule
    message: str
    waiver: Waiver | None = None

    @property
    def hinders(self) -> bool:
        return self.rule.level != WARN or self.waiver is None

    @property
    def waivable(self) -> bool:
        return self.rule.level == WARN and self.waiver is None


class RulesBroken(Exception):
    """What may not be done as it stands; ``findings`` say why."""

    def __init__(self, found: Iterable[Finding]) -> None:
        self.findings = list(found)
        super().__init__(" ".join(finding.message for finding in self.findings))


@cache
def shipped() -> tuple[Rule, ...]:
    text = Path(__file__).with_suffix(".toml").read_text()
    rows = tomllib.loads(text)["rules"]
    return tuple(Rule(**row | {"kinds": tuple(row.get("kinds", ()))}) for row in rows)


def rules_of(kind: str, of: str = "cohort") -> list[Rule]:
    return [r for r in shipped() if r.of == of and (not r.kinds or kind in r.kinds)]


def rule_named(name: str) -> Rule | None:
    return next((rule for rule in shipped() if rule.id == name), None)


def findings(cohort: Cohort) -> list[Finding]:
    """What ``cohort`` breaks, with the reasons that were given for what may be broken."""
    waivers = {(w.rule, w.version): w for w in cohort.waivers.select_related("by")}
    found = []
    for rule in rules_of(cohort.kind):
        words = CHECKS[rule.check](cohort, rule.parameters)
        if words is not None:
            waiver = waivers.get((rule.id, rule.version)) if rule.level == WARN else None
            found.append(Finding(rule, rule.message % {**rule.parameters, **words}, waiver))
    return found


def enforce(cohort: Cohort) -> None:
    """Raise RulesBroken where something hinders; call it in the transaction that goes on.

    The agreement is held until that ends, so that two cohorts cannot use up its head count at once.
    """
    if cohort.agreement_id:
        Agreement.objects.select_for_update().get(pk=cohort.agreement_id)
    if hindering := [finding for finding in findings(cohort) if finding.hinders]:
        raise RulesBroken(hindering)


def enforce_for_learner(learner: Learner) -> None:
    """Raise RulesBroken where the law keeps this student out of this kind of cohort."""
    for rule in rules_of(learner.cohort.kind, "learner"):
        if too_young(learner, rule.parameters["years"]):
            raise RulesBroken([Finding(rule, rule.message % rule.parameters)])


def most_apprentices(cohort: Cohort) -> tuple[Rule, int]:
    """How many apprentices a mentor of the firm may have: the rule's number, or a stricter one."""
    rule = rules_of(cohort.kind, "mentor")[0]
    terms = cohort.agreement.terms if cohort.agreement else {}
    agreed = re.search(r"[1一]\s*[:：比]\s*(\d+)", str(terms.get("mentor_ratio") or ""))
    most = int(rule.parameters["most"])
    return rule, min(most, int(agreed.group(1))) if agreed else most


def in_force(agreement: Agreement | None) -> bool:
    if agreement is None or agreement.state != Agreement.State.SIGNED:
        return False
    return not agreement.expires_on or agreement.expires_on >= clock.today()


def agreed_head_count(agreement: Agreement) -> int | None:
    """What the agreement lays down, or the latest amendment that was signed."""
    signed = agreement.amendments.filter(signed_on__isnull=False).order_by("-signed_on", "-pk")
    for one in [*signed, agreement]:
        if isinstance(count := (one.terms or {}).get("head_count"), int | float) and count:
            return int(count)
    return None


def under_agreement(cohort: Cohort, parameters: Mapping[str, Any]) -> Words:
    agreement = cohort.agreement
    fits = agreement is not None and agreement.kind in parameters["agreements"]
    return None if fits and in_force(agreement) else {}


def sides_are_parties(cohort: Cohort, parameters: Mapping[str, Any]) -> Words:
    if cohort.agreement is None:
        return None  # the rule on agreements says so
    parties = set(cohort.agreement.parties.values_list("pk", flat=True))
    sides = [cohort.school, *(cohort.firms if parameters["firms"] else [])]
    strangers = [side.name for side in sides if side.pk not in parties]
    return {"names": "、".join(strangers)} if strangers else None


def enterprises_at_most(cohort: Cohort, parameters: Mapping[str, Any]) -> Words:
    return {} if len(cohort.firms) > parameters["most"] else None


def within_head_count(cohort: Cohort, _parameters: Mapping[str, Any]) -> Words:
    agreed = agreed_head_count(cohort.agreement) if cohort.agreement else None
    if agreed is None:
        return None
    others = cohort.agreement.cohorts.exclude(pk=cohort.pk).exclude(  # type: ignore[union-attr]
        state__in=[Cohort.State.PREPARED, Cohort.State.CANCELLED]
    )
    taken = others.aggregate(n=Sum("quota"))["n"] or 0
    words = {"agreed": agreed, "others": taken, "quota": cohort.quota}
    return words if taken + cohort.quota > agreed else None


def within_term(cohort: Cohort, _parameters: Mapping[str, Any]) -> Words:
    expires = cohort.agreement.expires_on if cohort.agreement else None
    if expires is None or cohort.ends_on <= expires:
        return None
    return {"ends": formats.day(cohort.ends_on), "expires": formats.day(expires)}


def too_young(learner: Learner, years: int) -> bool:
    """Is the student known to be younger than ``years`` when the cohort starts?"""
    person = learner.student.person
    born: date | None = person.born_on if person else None
    if born is None:
        return False
    first = learner.cohort.starts_on
    had_birthday = (first.month, first.day) >= (born.month, born.day)
    return first.year - born.year - (0 if had_birthday else 1) < years


CHECKS: dict[str, Callable[[Cohort, Mapping[str, Any]], Words]] = {
    check.__name__: check
    for check in (
        under_agreement,
        sides_are_parties,
        enterprises_at_most,
        within_head_count,
        within_term,
    )
}
