"""Who brings items in from files and takes them along."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.education.banks.models import Bank
from silian.education.banks.policy import may_write, seats_of
from silian.education.exchange.models import Arrival
from silian.education.items.models import Version
from silian.education.items.policy import visible_versions
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer
from silian.kernel.verdicts import YES, Verdict


def visible_arrivals(user: Viewer, consortium: Consortium) -> QuerySet[Arrival]:
    """What was brought to banks in which the reader has a seat."""
    banks = seats_of(user).values("bank")
    rows = Arrival.objects.filter(bank__in=banks, bank__consortium=consortium)
    return rows.select_related("bank", "occupation", "by").defer("questions")


def banks_to_take_from(user: Viewer, consortium: Consortium) -> QuerySet[Bank]:
    """Banks with a seat of one's own."""
    return Bank.objects.filter(consortium=consortium, pk__in=seats_of(user).values("bank"))


def versions_to_take(user: Viewer, bank: Bank) -> QuerySet[Version]:
    """The newest version of each item of a bank that the reader has a seat in."""
    return visible_versions(user).filter(item__bank=bank, newest=True).order_by("item__number")


def may_take_in(user: Viewer, arrival: Arrival) -> Verdict:
    """Its questions become drafts of whoever brought the file."""
    if arrival.by_id != user.pk or not may_write(user, arrival.bank):
        return Verdict(_("Only the author who brought the file takes its items in."))
    if arrival.state != Arrival.State.READ or not arrival.count:
        return Verdict(_("There is nothing to take in."))
    return YES
