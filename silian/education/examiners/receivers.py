"""Cards that run out: for whoever holds them and for whoever keeps the register."""

from collections.abc import Iterable
from datetime import datetime, time

from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from silian.education.examiners.models import Card, CardQuerySet
from silian.education.examiners.services import AHEAD
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


def ending() -> CardQuerySet:
    return Card.objects.ending(clock.today(), clock.today() + AHEAD)


@todos.source
def own_cards_that_end(user: User) -> Iterable[Todo]:
    rows = ending().filter(examiner__user=user).select_related("examiner__consortium", "occupation")
    for card in rows:
        label = _("Renew your examiner's card for %(occupation)s") % {
            "occupation": card.occupation.name
        }
        due = make_aware(datetime.combine(card.valid_until, time.max))
        place = card.examiner.consortium.name
        yield Todo(label, card.examiner.get_absolute_url(), due=due, place=place)


@todos.source
def cards_that_end(user: User) -> Iterable[Todo]:
    """The office: how many cards run out soon."""
    for consortium in Consortium.objects.filter(pk__in=secretariats_of(user)):
        cards = ending().filter(examiner__consortium=consortium)
        address = reverse("examiners:examiner_index", args=[consortium]) + "?validity=ending"
        label = _("Examiners' cards that run out within 60 days")
        yield Todo(label, address, cards.count(), place=consortium.name)
