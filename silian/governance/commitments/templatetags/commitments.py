"""The section of an agreement's page that says what its parties have to do."""

from typing import Any

from django import template
from django.template import Context

from silian.governance.agreements.models import Agreement
from silian.governance.commitments import policy

register = template.Library()
FEW = 12  # rows that the section shows; the list has all


@register.inclusion_tag("commitments/section.html", takes_context=True)
def commitments(context: Context, agreement: Agreement) -> dict[str, Any]:
    """Obligations, milestones and yearly evaluations; nothing for who is not concerned."""
    user = context["request"].user
    if not policy.may_see(user, agreement) or not agreement.signed_on:
        return {"hidden": True}
    rows = policy.visible_commitments(user).filter(agreement=agreement)
    return {
        "agreement": agreement,
        "consortium": agreement.consortium,
        "rows": rows[:FEW],
        "count": rows.count(),
        "evaluations": policy.visible_evaluations(user).filter(agreement=agreement),
        "may_add": policy.may_add(user, agreement),
        "may_open": policy.may_open(user, agreement),
        "csrf_token": context.get("csrf_token"),
    }
