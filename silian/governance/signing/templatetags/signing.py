"""How far the signing is, on an agreement's own page."""

from typing import Any

from django import template
from django.template import Context

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.policy import may_administer
from silian.governance.signing import policy

register = template.Library()


@register.inclusion_tag("signing/panel.html", takes_context=True)
def signing_panel(context: Context, agreement: Agreement) -> dict[str, Any]:
    """For parties, signatories and the secretariat: how far the latest signing is."""
    user = context["request"].user
    process = policy.visible_processes(user).filter(agreement=agreement).first()
    return {
        "agreement": agreement,
        "consortium": agreement.consortium,
        "process": process,
        "may_thaw": policy.may_thaw(user, agreement),
        "may_prepare": policy.may_prepare(user, agreement),
        "may_open": process and policy.may_open(user, process),
        "of_secretariat": may_administer(user, agreement),
        "own": policy.waiting_for(user).filter(process=process).first() if process else None,
        "csrf_token": context.get("csrf_token"),
    }
