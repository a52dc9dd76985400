"""Settlements that wait for an answer or for a correction."""

from collections.abc import Iterable
from datetime import datetime, time

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.selections.models import Side
from silian.talent.settlements.models import Answer, Settlement


@todos.source
def settlements_to_answer(user: User) -> Iterable[Todo]:
    """Each side that has not answered yet; both sides where something was objected to."""
    mine = organisations_of(user)
    school = Q(cohort__school__in=mine)
    firm = Q(cohort__enterprise__in=mine) | Q(cohort__partners__in=mine)
    said = {side: Q(pk__in=Answer.objects.filter(side=side).values("settlement")) for side in Side}
    waiting = (school & ~said[Side.SCHOOL]) | (firm & ~said[Side.ENTERPRISE])
    rows = Settlement.objects.filter(
        waiting & Q(state="open") | (school | firm) & Q(state="objected")
    ).distinct()
    for settlement in rows.select_related("cohort__consortium"):
        cohort = settlement.cohort
        label = (
            _("Answer the settlement: %(cohort)s, %(time)s")
            if settlement.state == Settlement.State.OPEN
            else _("Correct the settlement: %(cohort)s, %(time)s")
        )
        yield Todo(
            label % {"cohort": cohort.title, "time": settlement.time},
            settlement.get_absolute_url(),
            due=make_aware(datetime.combine(settlement.due_on, time(18))),
            place=cohort.consortium.name,
        )


@todos.source
def settlements_overdue(user: User) -> Iterable[Todo]:
    """The secretariat: what the sides did not agree on in time."""
    rows = Settlement.objects.overdue().filter(cohort__consortium__in=secretariats_of(user))
    keys = list(rows.values_list("cohort__consortium", flat=True))
    for consortium in Consortium.objects.filter(pk__in=keys):
        url = reverse("settlements:settlement_index", args=[consortium]) + "?late=overdue"
        label = _("Settlements that are overdue")
        yield Todo(label, url, keys.count(consortium.pk), place=consortium.name)
