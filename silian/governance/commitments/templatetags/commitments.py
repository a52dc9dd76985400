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
    """Obligations, milestones and yearly evaluations; nothing for who is not concerned.

    What an amendment brings is entered at its original.
    """
    user = context["request"].user
    if agreement.amends_id or not agreement.signed_on or not policy.may_see(user, agreement):
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
