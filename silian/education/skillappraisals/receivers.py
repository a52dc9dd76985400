"""Appraisals are found by everybody; exam days in calendars; what the office has to do."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.skillappraisals import policy
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search.services import index

State = Appraisal.State

index(
    Appraisal,
    visible=policy.visible_appraisals,
    text=lambda it: [
        it.title_zh,
        it.title_en,
        it.number,
        it.occupation.name_zh,
        it.occupation.name_en,
        it.organiser.name_zh,
        it.site,
    ],
    name=gettext_lazy("Skill level appraisals"),
)


@calendars.source
def exam_days(user: User) -> Iterable[Event]:
    """The days of those who are in; exams themselves come with their own hours."""
    rows = policy.own_entries(user).filter(
        state=Entry.State.ACCEPTED, appraisal__state__in=[State.OPEN, State.UNDER_WAY]
    )
    for entry in rows:
        appraisal = entry.appraisal
        start = datetime.combine(appraisal.exam_on, time(8), get_default_timezone())
        yield Event(
            key=f"skill-appraisal-{entry.pk}",
            title=appraisal.title,
            start=start,
            end=start + timedelta(hours=10),
            place=appraisal.site,
            url=appraisal.get_absolute_url(),
        )


@todos.source
def entries_to_check(user: User) -> Iterable[Todo]:
    """The office: who waits to be checked, and entries that are to be closed."""
    rows = policy.managed_appraisals(user).filter(state=State.OPEN)
    waiting = Count("entries", filter=Q(entries__state=Entry.State.SUBMITTED))
    for appraisal in rows.annotate(waiting=waiting):
        place = appraisal.consortium.short_name
        if appraisal.waiting:
            label = _("Check entries for “%(appraisal)s”") % {"appraisal": appraisal.title}
            url = reverse("skillappraisals:entry_index", args=[appraisal.consortium, appraisal.pk])
            yield Todo(label, f"{url}?state=submitted", appraisal.waiting, place=place)
        elif appraisal.entries_until < clock.today():
            label = _("Close the entries for “%(appraisal)s”") % {"appraisal": appraisal.title}
            yield Todo(label, appraisal.get_absolute_url(), 1, place=place)


@todos.source
def entries_to_mend(user: User) -> Iterable[Todo]:
    """Whoever entered: what came back."""
    rows = policy.visible_entries(user).filter(
        state=Entry.State.RETURNED, appraisal__state=State.OPEN
    )
    for entry in rows:
        if policy.may_mend(user, entry):
            label = _("An entry for an appraisal was returned")
            yield Todo(label, entry.get_absolute_url(), place=entry.appraisal.consortium.short_name)
