"""What waits for the secretariat and for hosts about bodies, and how bodies are found."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.bodies import policy
from silian.governance.bodies.models import Appointment, Body
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

PEOPLE_WARNING_DAYS = 60  # before the terms of people end

search.index(
    Body,
    visible=policy.visible_bodies,
    text=lambda body: [
        body.about_zh,
        body.about_en,
        body.kind.name_zh,
        body.kind.name_en,
        body.host and body.host.name_zh,
    ],
    name=gettext_lazy("Bodies"),
)


@todos.source
def bodies_without_a_host(user: User) -> Iterable[Todo]:
    """The secretariat: running bodies whose host has left or is suspended."""
    orphans = Body.objects.filter(consortium__in=secretariats_of(user)).orphaned()
    for consortium in Consortium.objects.filter(bodies__in=orphans).annotate(n=Count("bodies")):
        url = reverse("bodies:body_index", args=[consortium]) + "?look_at=orphaned"
        label = _("Bodies whose host is no longer a member")
        yield Todo(label, url, consortium.n, place=consortium.name)


@todos.source
def expiring_bodies(user: User) -> Iterable[Todo]:
    """The secretariat: bodies to renew or to end, due when the first term ends."""
    expiring = Body.objects.filter(consortium__in=secretariats_of(user)).expiring()
    consortia = Consortium.objects.filter(bodies__in=expiring)
    for consortium in consortia.annotate(n=Count("bodies"), day=Min("bodies__expires_on")):
        url = reverse("bodies:body_index", args=[consortium]) + "?look_at=expiring"
        label = _("Bodies whose term ends soon or is over")
        yield Todo(label, url, consortium.n, due=_end_of(consortium.day), place=consortium.name)


@todos.source
def bodies_to_found(user: User) -> Iterable[Todo]:
    """The secretariat: accepted applications whose bodies are not founded yet."""
    planned = Body.objects.filter(
        state=Body.State.PLANNED, applied_by__isnull=False, consortium__in=secretariats_of(user)
    )
    for body in planned.select_related("consortium"):
        label = _("Found “%(body)s”, which was accepted") % {"body": body.name}
        yield Todo(label, body.get_absolute_url(), place=body.consortium.name)


@todos.source
def leaving_people(user: User) -> Iterable[Todo]:
    """The host, or the secretariat where a body has none: somebody's term ends soon."""
    soon = clock.today() + timedelta(days=PEOPLE_WARNING_DAYS)
    leaving = Appointment.objects.running().filter(end__lte=soon, body__state="running")
    hosted = Q(body__host__in=organisations_of(user))
    unhosted = Q(body__host=None, body__consortium__in=secretariats_of(user))
    own = leaving.filter(hosted | unhosted)
    bodies = Body.objects.filter(appointments__in=own).select_related("consortium")
    for body in bodies.annotate(n=Count("appointments"), day=Min("appointments__end")):
        url = reverse("bodies:people", args=[body.consortium, body.pk])
        label = _("People of “%(body)s” whose terms end soon") % {"body": body.name}
        number, day = body.n, body.day  # type: ignore[attr-defined]  # annotated above
        yield Todo(label, url, number, due=_end_of(day), place=body.consortium.name)


def _end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.max))
