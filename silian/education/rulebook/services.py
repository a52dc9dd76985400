"""How a consortium sets what it may set of a rule."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.rulebook.models import RuleSetting
from silian.education.rulebook.rules import Rule
from silian.governance.consortia.models import Consortium
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record


@transaction.atomic
def set_rule(
    consortium: Consortium, rule: Rule, *, by: User, level: str, numbers: Mapping[str, int]
) -> None:
    """Apply a configurable rule in the consortium's own way from now on."""
    if not rule.configurable:
        raise ValueError(f"{rule.id} is the same everywhere")
    facts = {"level": level, "numbers": dict(numbers), "by": by, "at": clock.now()}
    RuleSetting.objects.update_or_create(consortium=consortium, rule=rule.id, defaults=facts)
    action = gettext_noop("Rule for standards set")
    record(consortium, action, by=by, rule=rule.id, level=level, **numbers)
