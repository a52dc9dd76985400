"""What waits around the selection, and interviews in one's calendar."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.selections.models import Interview

DAYS = 14  # in which the other side is expected to answer


@todos.source
def lists_to_decide(user: User) -> Iterable[Todo]:
    """The side whose turn it is, while there are applications."""
    mine = organisations_of(user)
    first = Q(selection=None) | Q(selection__turn="school")
    school = Q(first, school__in=mine)
    firm = Q(selection__turn="enterprise") & (Q(enterprise__in=mine) | Q(partners__in=mine))
    rows = Cohort.objects.filter(school | firm, state__in=["selecting", "running"])
    waiting = Count("learners", filter=Q(learners__state="applied"), distinct=True)
    for cohort in rows.select_related("consortium", "selection").annotate(waiting=waiting):
        if cohort.waiting and not (cohort.is_open and not hasattr(cohort, "selection")):
            since = cohort.selection.since if hasattr(cohort, "selection") else None
            label = _("Decide on applications: %(cohort)s") % {"cohort": cohort.title}
            url = reverse("selections:desk", args=[cohort.consortium, cohort.pk])
            due = since + timedelta(days=DAYS) if since else None
            yield Todo(label, url, cohort.waiting, due=due, place=cohort.consortium.name)


@todos.source
def places_to_fill(user: User) -> Iterable[Todo]:
    """The school: a place has become free and somebody waits for one."""
    placed = Count("learners", filter=Q(learners__state__in=Learner.PLACED), distinct=True)
    waiting = Count("learners", filter=Q(learners__state="waiting"), distinct=True)
    rows = Cohort.objects.filter(
        school__in=organisations_of(user), state__in=["selecting", "running"]
    )
    for cohort in rows.select_related("consortium").annotate(taken=placed, waiting=waiting):
        free = cohort.quota - cohort.taken
        if free > 0 and cohort.waiting:
            label = _("Fill free places: %(cohort)s") % {"cohort": cohort.title}
            url = reverse("selections:desk", args=[cohort.consortium, cohort.pk])
            yield Todo(label, url, min(free, cohort.waiting), place=cohort.consortium.name)


@calendars.source
def interviews_of(user: User) -> Iterable[Event]:
    """An applicant's own interviews."""
    rows = Interview.objects.filter(
        learner__student__user=user, learner__state="applied", at__isnull=False
    )
    for interview in rows.select_related("learner__cohort__consortium"):
        cohort, at = interview.learner.cohort, interview.at
        if at is None:
            continue
        yield Event(
            key=f"cohort-interview-{interview.pk}",
            title=_("Interview: %(cohort)s") % {"cohort": cohort.title},
            start=at,
            end=at + timedelta(minutes=30),
            place=interview.place,
            url=reverse("selections:desk", args=[cohort.consortium, cohort.pk]),
        )
