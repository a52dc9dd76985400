"""What follows when an agreement ends, and what waits for whom around early ends and contracts."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement
from silian.governance.changes import policy, services
from silian.governance.changes.models import EarlyEnd
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel import clock, events
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@receiver(events.agreement_ended)
def close_early_ends(sender: object, fact: events.AgreementEnded, **kwargs: Any) -> None:
    services.drop_early_ends(fact.agreement_id)


@todos.source
def early_ends_to_answer(user: User) -> Iterable[Todo]:
    """Parties: do they agree?"""
    for early_end in policy.visible_early_ends(user).filter(state=EarlyEnd.State.PROPOSED):
        if policy.may_answer(user, early_end):
            due = make_aware(datetime.combine(early_end.answer_until, time.max))
            place = early_end.agreement.title
            label = _("Early end to answer")
            yield Todo(label, early_end.get_absolute_url(), due=due, place=place)


@todos.source
def early_ends_to_decide(user: User) -> Iterable[Todo]:
    """The secretariat: where somebody objects, or has not answered in time."""
    late = Q(state=EarlyEnd.State.PROPOSED, answer_until__lt=clock.today())
    rows = EarlyEnd.objects.filter(late | Q(state=EarlyEnd.State.OBJECTED))
    rows = rows.filter(agreement__consortium__in=secretariats_of(user))
    for early_end in rows.select_related("agreement__consortium"):
        label, place = _("Early end to decide"), early_end.agreement.title
        yield Todo(label, early_end.get_absolute_url(), place=place)


@todos.source
def contracts_to_register(user: User) -> Iterable[Todo]:
    """Sellers: technology contracts in force without a registration."""
    mine = organisations_of(user)
    signed = Agreement.objects.signed().filter(
        kind=Agreement.Kind.TECHNICAL_SERVICE, registration=None, parties__in=mine, amends=None
    )
    for agreement in (
        signed.distinct().select_related("consortium").prefetch_related("party_set__organisation")
    ):
        if policy.may_register(user, agreement):
            url = reverse("changes:register", args=[agreement.consortium, agreement.pk])
            yield Todo(_("Technology contract to register"), url, place=agreement.title)
