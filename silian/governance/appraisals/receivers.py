"""What waits for hosts, experts and the secretariat in the course of a body's year."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from silian.governance.appraisals import policy
from silian.governance.appraisals.models import Renewal, Year
from silian.governance.bodies.models import Body
from silian.governance.bodies.policy import reviews_for
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo

DECEMBER = 12


def bodies_to_speak_for(user: User) -> QuerySet[Body]:
    """Running bodies that ``user`` hosts; those without a host are the secretariat's."""
    hosted = Q(host__in=organisations_of(user))
    unhosted = Q(host=None, consortium__in=secretariats_of(user))
    return Body.objects.running().filter(hosted | unhosted).select_related("consortium", "kind")


@todos.source
def plans_due(user: User) -> Iterable[Todo]:
    """From January on, until the plan of the year is filed."""
    this = clock.today().year
    filed = Year.objects.published().filter(body=OuterRef("pk"), year=this)
    for body in bodies_to_speak_for(user).filter(~Exists(filed)):
        words = {"body": body.name, "year": this}
        url = reverse("appraisals:plan", args=[body.consortium, body.pk, this])
        label = _("Plan of “%(body)s” for %(year)s") % words
        yield Todo(label, url, due=_end_of(policy.plan_due(body, this)), place=body.consortium.name)


@todos.source
def results_due(user: User) -> Iterable[Todo]:
    """In December, and after it until the result is filed."""
    today = clock.today()
    over = Q(year__lt=today.year) | Q(year=today.year if today.month == DECEMBER else None)
    planned = Year.objects.filter(over, state=Year.State.PLANNED)
    for year in planned.filter(body__in=bodies_to_speak_for(user)).select_related(
        "body__consortium"
    ):
        body = year.body
        url = reverse("appraisals:result", args=[body.consortium, body.pk, year.year])
        label = _("Result of “%(body)s” for %(year)s") % {"body": body.name, "year": year.year}
        due = _end_of(date(year.year, DECEMBER, 31))
        yield Todo(label, url, due=due, place=body.consortium.name)


@todos.source
def appraisals_due(user: User) -> Iterable[Todo]:
    """The secretariat: filed results, where the kind's interval has passed."""
    filed = Year.objects.filter(
        state=Year.State.REPORTED, body__consortium__in=secretariats_of(user)
    )
    for year in filed.select_related("body__consortium", "body__kind"):
        if policy.appraisal_is_due(year):
            words = {"body": year.body.name, "year": year.year}
            label = _("Appraise “%(body)s” for %(year)s") % words
            yield Todo(label, year.get_absolute_url(), place=year.body.consortium.name)


@todos.source
def scores_due(user: User) -> Iterable[Todo]:
    """Experts: filed results that they have given no score."""
    asked = reviews_for(user) - secretariats_of(user)
    filed = Year.objects.filter(state=Year.State.REPORTED, body__consortium__in=asked)
    for year in filed.exclude(marks__reviewer=user).select_related("body__consortium"):
        words = {"body": year.body.name, "year": year.year}
        label = _("Give “%(body)s” a score for %(year)s") % words
        yield Todo(label, year.get_absolute_url(), place=year.body.consortium.name)


@todos.source
def terms_to_renew(user: User) -> Iterable[Todo]:
    """The host: ask for a new term before this one ends."""
    asked = Renewal.objects.filter(body=OuterRef("pk"), state=Renewal.State.ASKED)
    ending = Body.objects.expiring().filter(host__in=organisations_of(user))
    for body in ending.filter(~Exists(asked)).select_related("consortium"):
        url = reverse("appraisals:renewal_new", args=[body.consortium, body.pk])
        label = _("Ask for a new term of “%(body)s”") % {"body": body.name}
        due = _end_of(body.expires_on) if body.expires_on else None
        yield Todo(label, url, due=due, place=body.consortium.name)


@todos.source
def renewals_to_decide(user: User) -> Iterable[Todo]:
    asked = Renewal.objects.filter(
        state=Renewal.State.ASKED, body__consortium__in=secretariats_of(user)
    )
    for renewal in asked.select_related("body__consortium"):
        label = _("Decide on a new term of “%(body)s”") % {"body": renewal.body.name}
        yield Todo(label, _years_of(renewal.body), place=renewal.body.consortium.name)


@todos.source
def bodies_to_end(user: User) -> Iterable[Todo]:
    """The secretariat: bodies that failed as often as their kind allows."""
    failing = Year.objects.filter(grade__failing=True).values("body")
    bodies = Body.objects.running().filter(pk__in=failing, consortium__in=secretariats_of(user))
    for body in bodies.select_related("consortium", "kind"):
        if policy.should_end(body):
            label = _("Decide whether “%(body)s” goes on: it failed again") % {"body": body.name}
            yield Todo(label, _years_of(body), place=body.consortium.name)


def _years_of(body: Body) -> str:
    return reverse("appraisals:year_index", args=[body.consortium, body.pk])


def _end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.max))
