"""How an agreement's text comes about, as panels of its page."""

from typing import Any

from django import template

from silian.governance.agreements.models import Agreement
from silian.governance.agreements.policy import may_administer, may_see_record, parties_of
from silian.governance.drafting import policy
from silian.governance.drafting.places import BLANK
from silian.governance.drafting.readiness import latest, obstacles
from silian.governance.drafting.terms import described

register = template.Library()


@register.inclusion_tag("drafting/next.html", takes_context=True)
def drafting_next(context: template.Context, agreement: Agreement) -> dict[str, Any]:
    """What stands between a draft and its freezing, and what the reader can do about it."""
    user, last = context["user"], latest(agreement)
    parties = parties_of(user, agreement)
    for party in parties:
        party.may_agree = policy.may_agree(user, party)  # type: ignore[attr-defined]
        party.agreed = policy.has_agreed(party, last)  # type: ignore[attr-defined]
    found = obstacles(agreement)
    return {
        "agreement": agreement,
        "consortium": agreement.consortium,
        "latest": last,
        "blanks": last.text.count(BLANK) if last else 0,
        "parties": parties,
        "obstacles": found,
        "may_administer": may_administer(user, agreement),
        "may_freeze": may_administer(user, agreement) and not found,
        "may_edit": policy.may_edit(user, agreement),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("drafting/text.html", takes_context=True)
def drafting_text(context: template.Context, agreement: Agreement) -> dict[str, Any]:
    """The text with its terms; for those at the table also comments and versions."""
    user = context["user"]
    facts: dict[str, Any] = {"agreement": agreement, "consortium": agreement.consortium}
    facts |= {"latest": latest(agreement), "terms": described(agreement)}
    facts |= {"at_table": bool(may_see_record(user, agreement))}
    facts |= {"csrf_token": context.get("csrf_token")}
    if facts["at_table"]:
        comments = list(policy.visible_comments(user).filter(version__agreement=agreement))
        for comment in comments:
            comment.version.agreement = agreement
            comment.may_settle = policy.may_settle(user, comment)  # type: ignore[attr-defined]
        versions = policy.visible_versions(user).filter(agreement=agreement)
        facts |= {
            "comments": comments,
            "versions": list(versions.prefetch_related("consents__party__organisation")),
            "may_edit": policy.may_edit(user, agreement),
        }
    return facts
