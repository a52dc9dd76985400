"""The section of an agreement's page that says what its parties pledged and gave."""

from typing import Any

from django import template
from django.template import Context

from silian.governance.agreements.models import Agreement
from silian.governance.commitments.policy import may_add, may_see
from silian.governance.contributions import policy, statements

register = template.Library()
FEW = 10  # pledges that the section shows; the list has all


@register.inclusion_tag("contributions/section.html", takes_context=True)
def contributions(context: Context, agreement: Agreement) -> dict[str, Any]:
    """Pledges with how much of them was given; nothing for who is not concerned."""
    user = context["request"].user
    if agreement.amends_id or not agreement.signed_on or not may_see(user, agreement):
        return {"hidden": True}
    pledges = policy.visible_pledges(user).filter(agreement=agreement)
    entries = policy.visible_entries(user).filter(agreement=agreement)
    return {
        "agreement": agreement,
        "consortium": agreement.consortium,
        "pledges": pledges[:FEW],
        "totals": statements.totals(pledges, entries),
        "entries": entries.count(),
        "may_pledge": may_add(user, agreement),
        "may_deliver": policy.may_deliver(user, agreement),
    }
