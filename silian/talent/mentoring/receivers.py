"""Hours that wait for the other side, and a mentor's own calendar."""

from collections.abc import Iterable

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.cohorts.models import Cohort
from silian.talent.mentoring import policy
from silian.talent.mentoring.models import Hours
from silian.talent.rotations.receivers import event_of


@todos.source
def hours_to_confirm(user: User) -> Iterable[Todo]:
    """The other side: what mentors logged."""
    found = dict(
        policy.awaiting(user).order_by().values_list("mentor__cohort").annotate(Count("pk"))
    )
    yield from _of_cohorts(found, _("Confirm mentors' hours: %(cohort)s"), "?state=logged")


@todos.source
def hours_to_correct(user: User) -> Iterable[Todo]:
    """The mentor's organisation: what was objected to."""
    rows = Hours.objects.filter(
        mentor__organisation__in=organisations_of(user), state=Hours.State.OBJECTED
    )
    found = dict(rows.order_by().values_list("mentor__cohort").annotate(Count("pk")))
    yield from _of_cohorts(found, _("Correct mentors' hours: %(cohort)s"), "?state=objected")


def _of_cohorts(found: dict[int, int], label: str, query: str) -> Iterable[Todo]:
    for cohort in Cohort.objects.filter(pk__in=found).select_related("consortium"):
        url = reverse("mentoring:hours_index", args=[cohort.consortium, cohort.pk]) + query
        said = label % {"cohort": cohort.title}
        yield Todo(said, url, found[cohort.pk], place=cohort.consortium.name)


@calendars.source
def stays_of_mentors(user: User) -> Iterable[Event]:
    """When those whom a mentor looks after are at the mentor's place."""
    return [event_of(stay) for stay in policy.stays_beside(user)]
