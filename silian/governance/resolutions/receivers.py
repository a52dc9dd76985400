"""What waits for units in charge and the secretariat, and how resolutions are found."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.consortia.models import Consortium
from silian.governance.motions.models import Motion
from silian.governance.resolutions import policy
from silian.governance.resolutions.models import Resolution
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

State = Resolution.State

search.index(
    Resolution,
    visible=policy.visible_resolutions,
    text=lambda resolution: [resolution.number, resolution.text_zh, resolution.text_en],
    name=gettext_lazy("Resolutions"),
)


@todos.source
def resolutions_to_carry_out(user: User) -> Iterable[Todo]:
    """Units in charge: each with its day."""
    mine = Resolution.objects.filter(owner__in=organisations_of(user), state=State.OPEN)
    for resolution in mine.select_related("consortium"):
        label = _("Carry out: %(resolution)s") % {"resolution": resolution.title}
        due = end_of(resolution.due_on) if resolution.due_on else None
        yield Todo(label, resolution.get_absolute_url(), due=due, place=resolution.consortium.name)


@todos.source
def resolutions_to_confirm(user: User) -> Iterable[Todo]:
    """The secretariat: what was reported done."""
    reported = {"resolutions__state": State.REPORTED}
    consortia = Consortium.objects.filter(pk__in=secretariats_of(user), **reported)
    for consortium in consortia.annotate(n=Count("resolutions")):
        url = reverse("resolutions:resolution_index", args=[consortium]) + "?state=reported"
        yield Todo(_("Resolutions to confirm as done"), url, consortium.n, place=consortium.name)


@todos.source
def resolutions_overdue(user: User) -> Iterable[Todo]:
    """The secretariat: what nobody has carried out in time."""
    overdue = Resolution.objects.filter(consortium__in=secretariats_of(user)).overdue()
    consortia = Consortium.objects.filter(resolutions__in=overdue)
    for consortium in consortia.annotate(n=Count("resolutions"), day=Min("resolutions__due_on")):
        url = reverse("resolutions:resolution_index", args=[consortium]) + "?only=overdue"
        label = _("Resolutions overdue")
        yield Todo(label, url, consortium.n, due=end_of(consortium.day), place=consortium.name)


@todos.source
def resolutions_to_enter(user: User) -> Iterable[Todo]:
    """The secretariat: what was carried and nobody was given to carry out."""
    carried = Motion.objects.filter(
        consortium__in=secretariats_of(user), state=Motion.State.CARRIED, amends=None
    )
    waiting = carried.filter(resolution=None)
    consortia = Consortium.objects.filter(motions__in=waiting)
    for consortium in consortia.annotate(n=Count("motions")):
        url = reverse("resolutions:source_index", args=[consortium])
        yield Todo(_("Resolutions to enter"), url, consortium.n, place=consortium.name)


def end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.max))
