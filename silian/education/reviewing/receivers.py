"""What waits for reviewers and for schools, and who reads an edition because of a review."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from silian.education.reviewing import policy
from silian.education.reviewing.models import Review, Reviewer
from silian.education.standards.models import Edition
from silian.education.standards.policy import circle
from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@circle
def committees(user: User) -> QuerySet[Any]:
    return policy.in_review(user).values("edition")


@todos.source
def opinions_to_give(user: User) -> Iterable[Todo]:
    """A reviewer: where an opinion is asked for."""
    rows = Reviewer.objects.filter(
        appointment__user=user, avoids=False, view="", review__state=Review.State.OPEN
    )
    for one in rows.select_related("review__edition__standard__consortium"):
        due = make_aware(datetime.combine(one.review.due_on, time.max))
        place, url = one.review.edition.standard.title, one.review.get_absolute_url()
        yield Todo(_("Your opinion is asked for"), url, due=due, place=place)


@todos.source
def editions_to_approve(user: User) -> Iterable[Todo]:
    """The school: what a committee has passed, and what is approved and not published."""
    own = Edition.objects.filter(standard__programme__school__in=organisations_of(user))
    last = Review.objects.filter(edition=OuterRef("pk"), state=Review.State.PASSED)
    waiting = own.filter(Exists(last), state=Edition.State.REVIEW)
    waiting = waiting.exclude(reviews__state=Review.State.OPEN)
    for edition in waiting.select_related("standard__consortium"):
        yield Todo(_("Passed by the committee: to be approved"), *_page(edition))
    approved = own.filter(state=Edition.State.APPROVED).select_related("standard__consortium")
    for edition in approved:
        yield Todo(_("Approved: to be published"), *_page(edition))


def _page(edition: Edition) -> tuple[str, int, None, str]:
    return edition.get_absolute_url(), 1, None, edition.standard.title
