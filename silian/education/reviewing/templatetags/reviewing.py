"""``{% load reviewing %}``: what comes next for an edition, and what committees said about it."""

from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext as _

from silian.education.reviewing import policy
from silian.education.reviewing.models import Review
from silian.education.standards.models import Edition
from silian.education.standards.policy import may_administer
from silian.kernel.accounts.models import User

register = template.Library()
State = Edition.State


@register.inclusion_tag("reviewing/next.html", takes_context=True)
def review_next(context: Context, edition: Edition) -> dict[str, Any]:
    """The way from draft to publication, and the next step on it."""
    user = context["request"].user
    steps = [
        _("Being drafted"),
        _("Before the committee"),
        _("Approved by the school"),
        _("In force"),
    ]
    places = {State.DRAFT: 1, State.REVIEW: 2, State.APPROVED: 3}
    return {
        "edition": edition,
        "consortium": edition.standard.consortium,
        "steps": steps,
        "current": places.get(State(edition.state), 4),
        "administers": may_administer(user, edition.standard),
        "review": edition.reviews.select_related("body").first(),
        "passed": policy.passed(edition),
        "may_hand_in": policy.may_hand_in(user, edition),
        "may_approve": policy.may_approve(user, edition),
        "may_publish": policy.may_publish(user, edition),
        "may_return": policy.may_return(user, edition),
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("reviewing/panel.html", takes_context=True)
def review_panel(context: Context, edition: Edition) -> dict[str, Any]:
    """The reviews: for those inside with their pages, for others the one that let it pass."""
    user = context["request"].user
    rows = edition.reviews.select_related("body__consortium", "edition__standard__consortium")
    inside = policy.visible_reviews(user).filter(edition=edition) if isinstance(user, User) else []
    seen = {review.pk for review in inside}
    shown = [r for r in rows if r.pk in seen or (edition.is_public and r.state == "passed")]
    return {"reviews": shown, "seen": seen, "passed": Review.State.PASSED}
