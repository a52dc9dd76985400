"""What is told of achievements; what waits for drafters and officers."""

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from silian.kernel.accounts.models import User
from silian.kernel.events import AchievementEarned, achievement_earned
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.issuing import policy, services
from silian.talent.issuing.models import Batch


@receiver(achievement_earned)
def note_achievement(fact: AchievementEarned, **_rest: Any) -> None:
    services.take_note(fact)


@todos.source
def batches_to_issue(user: User) -> Iterable[Todo]:
    """An officer: batches whose days are over, and objections to answer."""
    rows = policy.visible_batches(user).filter(state__in=["publicity", "ready"])
    for batch in rows:
        if policy.may_issue(user, batch):
            label = _("Issue “%(batch)s”") % {"batch": batch.title}
            yield Todo(label, batch.get_absolute_url(), place=batch.consortium.short_name)


@todos.source
def objections_to_answer(user: User) -> Iterable[Todo]:
    for batch in policy.visible_batches(user).filter(objections__state="open").distinct():
        if policy.may_strike(user, batch):
            yield Todo(
                _("Answer objections to a list of certificates"),
                batch.get_absolute_url(),
                place=batch.consortium.short_name,
            )


@todos.source
def drafts_to_finish(user: User) -> Iterable[Todo]:
    """Who drafted: what came back to them."""
    returned = policy.visible_batches(user).filter(state=Batch.State.DRAFT, by=user)
    for batch in returned.exclude(remark=""):
        label = _("A batch of certificates was returned")
        yield Todo(label, batch.get_absolute_url(), place=batch.consortium.short_name)
