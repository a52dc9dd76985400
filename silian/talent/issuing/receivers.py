"""What is told of achievements; what waits for drafters and officers."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.results import links
from silian.education.results.services import source_of
from silian.education.skillappraisals.models import Entry
from silian.kernel.accounts.models import User
from silian.kernel.events import AchievementEarned, achievement_earned
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.persons.models import Person
from silian.kernel.ui import formats
from silian.talent.issuing import policy, services
from silian.talent.issuing.models import Achievement, Batch
from silian.talent.records.holdings import Holding, Row, register


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


@links.source
def certificates_of(user: User, entries: list[Entry]) -> Iterable[tuple[int, links.Link]]:
    """The certificate that came of a result, for whoever earned it."""
    by_source = {source_of(entry): entry.pk for entry in entries}
    rows = Achievement.objects.filter(source__in=by_source, candidate__certificate__isnull=False)
    for one in rows.filter(person__user=user).select_related("candidate__certificate"):
        url = reverse("badges:own_certificates")
        yield by_source[one.source], links.Link(_("My certificate"), url)


def achievements(person: Person) -> Iterator[Row]:
    """What was earned, and the lists that one stands on."""
    for one in person.achievements.all():
        yield {_("achievement"): one.title, _("earned on"): str(formats.readable(one.on))}
    for candidate in person.candidacies.select_related("batch"):
        yield {_("batch"): candidate.batch.title, _("level reached"): candidate.level_name}


register(
    Holding(
        "achievements",
        gettext_lazy("Achievements and lists of candidates"),
        achievements,
        services.forget_achievements,
        stays=gettext_lazy("Lists that certificates were issued from stay with the certificates."),
    )
)
