"""Whether the employers of a list read who its student is: given when it is handed in."""

from django.db import transaction

from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.talent.consents import services
from silian.talent.consents.models import Consent, ConsentQuerySet
from silian.talent.consents.policy import counting
from silian.talent.wishes.models import WishList

PLACEMENT = Consent.Purpose.PLACEMENT


def recipients(mine: WishList) -> list[Organisation]:
    """The employers of the positions in the list."""
    rows = Organisation.objects.filter(positions__seats__wishes__list=mine)
    return list(rows.distinct().order_by("name_zh"))


def allowed(mine: WishList) -> set[int]:
    """Keys of those who may read who the student is."""
    return {consent.recipient_id for consent in _running(mine) if consent.recipient_id}


@transaction.atomic
def give(mine: WishList, *, by: User) -> None:
    already = allowed(mine)
    for employer in recipients(mine):
        if employer.pk not in already:
            services.give(mine.student.person, PLACEMENT, by=by, recipient=employer)


@transaction.atomic
def withdraw(mine: WishList, *, by: User) -> None:
    """From now on these employers see a number again."""
    for consent in _running(mine):
        services.withdraw(consent, by=by)


def _running(mine: WishList) -> ConsentQuerySet:
    rows = counting(PLACEMENT).filter(person=mine.student.person_id)
    return rows.filter(recipient__in=[employer.pk for employer in recipients(mine)])
