"""What an agreement's page shows of its changes, and of the rules that its draft breaks."""

from typing import Any

from django import template
from django.template import Context

from silian.governance.agreements import rules
from silian.governance.agreements.models import Agreement
from silian.governance.agreements.policy import may_read_text, visible_agreements
from silian.governance.changes import policy

register = template.Library()


@register.inclusion_tag("changes/section.html", takes_context=True)
def changes(context: Context, agreement: Agreement) -> dict[str, Any]:
    """What amends or follows it, early ends, registration, and what can be done about it.

    Signed amendments and renewals are public as the agreement itself is.
    """
    user = context["request"].user
    seen = visible_agreements(user)
    concerned = policy.may_see(user, agreement)
    found: dict[str, Any] = {
        "agreement": agreement,
        "consortium": agreement.consortium,
        "concerned": concerned,
        "original": agreement.amends or agreement.renews,
        "amendments": seen.filter(amends=agreement),
        "renewals": seen.filter(renews=agreement),
        "registration": getattr(agreement, "registration", None),
        "may_read_text": may_read_text(user, agreement),
        "csrf_token": context.get("csrf_token"),
    }
    if concerned:
        ends = policy.visible_early_ends(user).filter(agreement=agreement)
        verdicts = "amend renew propose_end register".split()
        found |= {"early_ends": ends}
        found |= {f"may_{v}": getattr(policy, f"may_{v}")(user, agreement) for v in verdicts}
    shown = "original amendments renewals registration early_ends may_amend may_register".split()
    return found | {"hidden": not any(found.get(name) for name in shown)}


@register.inclusion_tag("changes/findings.html", takes_context=True)
def rule_findings(context: Context, agreement: Agreement) -> dict[str, Any]:
    """What a draft breaks, with its source; a warning can be passed with a reason."""
    user = context["request"].user
    draft = agreement.state == Agreement.State.DRAFT and policy.may_see(user, agreement)
    found = rules.findings(agreement) if draft else []
    rows = [(finding, policy.may_waive(user, agreement, finding)) for finding in found]
    return {
        "rows": rows,
        "agreement": agreement,
        "consortium": agreement.consortium,
        "csrf_token": context.get("csrf_token"),
    }
