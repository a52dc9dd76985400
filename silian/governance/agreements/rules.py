"""The rules of rules.toml, applied to an agreement.

``findings(agreement)`` says what it breaks; ``enforce(agreement)`` stops what may not be signed.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.agreements.checks import CHECKS, Facts, date_in
from silian.governance.agreements.models import Agreement, RuleSetting, Waiver
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import Bilingual

Some = TypeVar("Some", bound="Rule")
BLOCK, WARN = RuleSetting.Level.BLOCK, RuleSetting.Level.WARN
STANDING = (Agreement.State.SIGNING, Agreement.State.SIGNED)


@dataclass(frozen=True)
class Rule:
    """One rule with its source; a consortium's own numbers and level may stand in it."""

    id: str
    version: int
    level: str
    check: str
    source_zh: str
    source_en: str
    message_zh: str
    message_en: str
    kinds: tuple[str, ...] = ()  # none: all kinds
    parameters: Mapping[str, Any] = field(default_factory=dict)
    configurable: bool = False
    verified: bool = True
    source = Bilingual()
    message = Bilingual()

    @property
    def numbers(self) -> dict[str, int]:
        """The parameters that a consortium may choose."""
        return {name: value for name, value in self.parameters.items() if isinstance(value, int)}

    @property
    def kind_names(self) -> list[str]:
        return [str(Agreement.Kind(kind).label) for kind in self.kinds]

    @property
    def summary(self) -> str:
        """The message without what it says of one agreement."""
        blank = dict.fromkeys(re.findall(r"%\((\w+)\)s", self.message), "…")
        return self.message % {**blank, **self.parameters}


@dataclass(frozen=True)
class Finding:
    """What speaks against signing, in the reader's language, and why it may be signed anyway."""

    rule: Rule
    level: str
    message: str
    waiver: Waiver | None = None

    @property
    def hinders(self) -> bool:
        return self.level == BLOCK or self.waiver is None

    @property
    def waivable(self) -> bool:
        return self.level == WARN and self.waiver is None


class RulesBroken(Exception):
    """What may not be signed as it stands; ``findings`` say why."""

    def __init__(self, found: Iterable[Finding]) -> None:
        self.findings = list(found)
        super().__init__(" ".join(finding.message for finding in self.findings))


def findings(agreement: Agreement) -> list[Finding]:
    """What ``agreement`` breaks, with the reasons that were given for what may be broken."""
    facts = facts_of(agreement)
    waivers = {(w.rule, w.version): w for w in agreement.waivers.select_related("by")}
    found = []
    for rule in rules_of(agreement.consortium, agreement.kind):
        words = CHECKS[rule.check](facts, rule.parameters)
        if words is not None:
            message = rule.message % {**rule.parameters, **words}
            waiver = waivers.get((rule.id, rule.version)) if rule.level == WARN else None
            found.append(Finding(rule, rule.level, message, waiver))
    return found


def enforce(agreement: Agreement) -> None:
    """Raise RulesBroken where something hinders; call it in the transaction that freezes the text.

    The parties are held until that transaction ends, so that two agreements which would together
    break a rule cannot be frozen at once.
    """
    parties = agreement.party_set.values("organisation")
    list(Organisation.objects.select_for_update().filter(pk__in=parties).order_by("pk"))
    if hindering := [finding for finding in findings(agreement) if finding.hinders]:
        raise RulesBroken(hindering)


@transaction.atomic
def waive(agreement: Agreement, rule: Rule, *, by: User, reason: str) -> Waiver:
    """Keep why ``agreement`` is to be signed although it goes against a warning."""
    facts = {"reason": reason, "by": by, "at": clock.now()}
    waiver, _new = Waiver.objects.update_or_create(
        agreement=agreement, rule=rule.id, version=rule.version, defaults=facts
    )
    record(agreement, gettext_noop("Warning passed"), by=by, rule=rule.id, why=reason)
    return waiver


@transaction.atomic
def set_rule(  # noqa: PLR0913  a setting is these few facts
    consortium: Consortium,
    rule: Rule,
    *,
    by: User,
    level: str,
    numbers: Mapping[str, int],
    prefix: str = "",
) -> None:
    """Let ``consortium`` apply a configurable rule in its own way from now on.

    ``prefix`` tells the rules of another book from those of agreements.
    """
    if not rule.configurable:
        raise ValueError(f"{rule.id} is the same everywhere")
    facts = {"level": level, "numbers": dict(numbers), "by": by, "at": clock.now()}
    RuleSetting.objects.update_or_create(
        consortium=consortium, rule=prefix + rule.id, defaults=facts
    )
    action = gettext_noop("Rule for agreements set")
    record(consortium, action, by=by, rule=rule.id, level=level, **numbers)


@cache
def shipped() -> tuple[Rule, ...]:
    """Every rule as rules.toml has it."""
    text = Path(__file__).with_suffix(".toml").read_text()
    return tuple(
        Rule(**fact | {"kinds": tuple(fact.get("kinds", ()))})
        for fact in tomllib.loads(text)["rules"]
    )


def rules_of(consortium: Consortium, kind: str = "") -> list[Rule]:
    """The rules as ``consortium`` applies them, all or those for one kind of agreement."""
    settings = {one.rule: one for one in RuleSetting.objects.filter(consortium=consortium)}
    wanted = (rule for rule in shipped() if not (kind and rule.kinds) or kind in rule.kinds)
    return [as_set(rule, settings.get(rule.id)) for rule in wanted]


def rule_named(consortium: Consortium, name: str) -> Rule | None:
    """One rule as ``consortium`` applies it."""
    return next((rule for rule in rules_of(consortium) if rule.id == name), None)


def as_set(rule: Some, setting: RuleSetting | None) -> Some:
    """``rule`` as a consortium's own ``setting`` has it."""
    if setting is None or not rule.configurable:
        return rule
    numbers = {name: setting.numbers.get(name, value) for name, value in rule.numbers.items()}
    return replace(rule, level=setting.level, parameters={**rule.parameters, **numbers})


def facts_of(agreement: Agreement) -> Facts:
    """Gather what the checks look at."""
    parties = agreement.party_set.exclude(organisation=None).select_related("organisation")
    terms = agreement.terms or {}
    starts = date_in(terms.get("starts_on")) or agreement.signed_on or clock.today()
    organisations = tuple(p.organisation for p in parties.order_by("order") if p.organisation)
    return Facts(
        parties=organisations,
        terms=terms,
        starts_on=starts,
        expires_on=agreement.expires_on,
        colleges=_colleges_of(agreement, organisations),
        number_taken=number_taken(agreement, terms.get("registration_number")),
    )


def _colleges_of(
    agreement: Agreement, parties: Iterable[Organisation]
) -> dict[int, frozenset[int]]:
    """With which schools each enterprise trains field engineers, in any consortium."""
    own = frozenset(party.pk for party in parties if party.is_school)
    found = {p.pk: own for p in parties if p.kind == Organisation.Kind.ENTERPRISE}
    others = Agreement.objects.filter(
        kind=Agreement.Kind.FIELD_ENGINEERS, state__in=STANDING, parties__in=list(found)
    ).exclude(pk=agreement.pk)
    for other in others.distinct().prefetch_related("parties"):
        everybody = other.parties.all()
        schools = frozenset(party.pk for party in everybody if party.is_school)
        for party in everybody:
            if party.pk in found:
                found[party.pk] |= schools
    return found


def number_taken(agreement: Agreement, number: Any) -> bool:
    """Does a registration number stand on another agreement?"""
    others = Agreement.objects.exclude(pk=agreement.pk).exclude(end=Agreement.End.GIVEN_UP)
    return bool(number) and others.filter(terms__registration_number=number).exists()
