"""Stays in the calendars of those who learn, and plans that are missing."""

from collections.abc import Iterable
from datetime import datetime, time

from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.cohorts.models import Cohort
from silian.talent.rotations import policy
from silian.talent.rotations.models import Stay


def event_of(stay: Stay) -> Event:
    """The days of a stay, from morning to evening."""
    cohort = stay.group.cohort
    return Event(
        key=f"cohort-stay-{stay.pk}",
        title=f"{stay.group.name} · {stay.site.name}",
        start=make_aware(datetime.combine(stay.starts_on, time(8))),
        end=make_aware(datetime.combine(stay.ends_on, time(18))),
        place=stay.place,
        text=f"{cohort.title}, {stay.phase.title}",
        url=reverse("rotations:plan", args=[cohort.consortium, cohort.pk]),
    )


@calendars.source
def stays_of(user: User) -> Iterable[Event]:
    """A learner's own rotation."""
    return [event_of(stay) for stay in policy.own_stays(user)]


@todos.source
def plans_to_make(user: User) -> Iterable[Todo]:
    """The school: a class that runs without a plan."""
    rows = Cohort.objects.filter(
        school__in=organisations_of(user), state=Cohort.State.RUNNING, phases=None
    )
    for cohort in rows.select_related("consortium"):
        url = reverse("rotations:plan", args=[cohort.consortium, cohort.pk])
        label = _("Make the joint plan: %(cohort)s") % {"cohort": cohort.title}
        yield Todo(label, url, place=cohort.consortium.name)
