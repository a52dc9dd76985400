"""``{% load authoring %}{% contributors edition %}``: who took part, as the reader may know it."""

from typing import Any

from django import template
from django.template import Context

from silian.education.authoring import policy
from silian.education.authoring.thanks import shares_of
from silian.education.standards.models import Edition

register = template.Library()


@register.inclusion_tag("authoring/contributors.html", takes_context=True)
def contributors(context: Context, edition: Edition) -> dict[str, Any]:
    """Organisations and who agreed to be named; those at the table see each row."""
    user = context["request"].user
    rows = []
    if policy.may_see_table(user, edition):
        rows = list(policy.visible_contributors(user, edition))
        for row in rows:
            row.may_remove = policy.may_remove(user, row)  # type: ignore[attr-defined]
            row.may_name = policy.may_name(user, row)  # type: ignore[attr-defined]
    return {
        "edition": edition,
        "consortium": edition.standard.consortium,
        "shares": shares_of(edition),
        "rows": rows,
        "may_invite": policy.may_invite(user, edition),
        "csrf_token": context.get("csrf_token"),
    }
