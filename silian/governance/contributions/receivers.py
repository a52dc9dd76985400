"""What waits for givers and receivers."""

from collections.abc import Iterable
from datetime import datetime, time

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.contributions.models import Entry, Pledge
from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def deliveries_to_confirm(user: User) -> Iterable[Todo]:
    """Receivers: what somebody says it gave them."""
    waiting = Entry.objects.waiting().filter(receiver__in=organisations_of(user))
    waiting = waiting.filter(~Q(by=user) | Q(by=None))
    yield from _by_consortium(waiting, _("Deliveries to confirm"), "?state=waiting")


@todos.source
def objections_to_settle(user: User) -> Iterable[Todo]:
    """Givers: what the receiver says it has not got."""
    objected = Entry.objects.objected().filter(giver__in=organisations_of(user))
    label = _("Deliveries that were objected to")
    yield from _by_consortium(objected, label, "?state=objected")


def _by_consortium(rows: QuerySet[Entry], label: str, query: str) -> Iterable[Todo]:
    counted = rows.order_by().values_list("agreement__consortium").annotate(Count("pk"))
    found = dict(counted)
    for consortium in Consortium.objects.filter(pk__in=found):
        url = reverse("contributions:entry_index", args=[consortium]) + query
        yield Todo(label, url, found[consortium.pk], place=consortium.name)


@todos.source
def overdue_pledges(user: User) -> Iterable[Todo]:
    """Givers: what was promised by a day that has passed."""
    mine = Pledge.objects.filter(giver__in=organisations_of(user)).with_sums().overdue()
    late = Pledge.objects.filter(pk__in=mine.order_by().values("pk"))
    consortia = Consortium.objects.filter(agreements__pledges__in=late)
    counted = consortia.annotate(
        n=Count("agreements__pledges"), day=Min("agreements__pledges__due")
    )
    for consortium in counted:
        url = reverse("contributions:pledge_index", args=[consortium]) + "?late=overdue"
        due = make_aware(datetime.combine(consortium.day, time.max))
        yield Todo(_("Pledges to keep"), url, consortium.n, due=due, place=consortium.name)
