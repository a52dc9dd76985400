"""What waits for those who write an edition, and who reads it before it is public."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from silian.education.authoring import policy
from silian.education.authoring.models import Comment, Keep
from silian.education.standards.models import Edition
from silian.education.standards.policy import circle, writes_for
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo

DRAFT = Edition.State.DRAFT


@circle
def contributors(user: User) -> QuerySet[Any]:
    return policy.seats_of(user).values("edition")


@todos.source
def comments_to_answer(user: User) -> Iterable[Todo]:
    """The school: what was said about its drafts and is not answered."""
    waiting = Comment.objects.filter(
        settled_at=None,
        edition__state=DRAFT,
        edition__standard__programme__school__in=writes_for(user),
    )
    counts = dict(waiting.order_by().values_list("edition").annotate(Count("pk")))
    for edition in _editions(counts):
        url = f"{edition.get_absolute_url()}#comments"
        yield Todo(_("Comments to answer"), url, counts[edition.pk], place=edition.standard.title)


@todos.source
def editions_to_work_on(user: User) -> Iterable[Todo]:
    """Whoever was asked to take part and has done nothing yet."""
    asked = policy.seats_of(user).filter(edition__state=DRAFT, edits=0, comments=0)
    done = policy.seats_of(user).filter(user=user).exclude(edits=0, comments=0)
    for edition in _editions(asked.exclude(edition__in=done.values("edition")).values("edition")):
        label = _("A draft that you are asked to work on")
        yield Todo(label, edition.get_absolute_url(), place=edition.standard.title)


@todos.source
def texts_not_saved(user: User) -> Iterable[Todo]:
    """What somebody typed, left and did not save."""
    keeps = Keep.objects.filter(by=user, section__edition__state=DRAFT)
    for edition in _editions(keeps.exclude(text=F("section__text")).values("section__edition")):
        label = _("A text that you have not saved")
        yield Todo(label, edition.get_absolute_url(), place=edition.standard.title)


def _editions(keys: Any) -> Iterable[Edition]:
    return Edition.objects.filter(pk__in=keys).select_related("standard__consortium")
