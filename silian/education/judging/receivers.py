"""What waits for examiners: turns that are over and whose sheet is not signed.

A turn whose judging has begun is not moved to another time.
"""

from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.judging import policy
from silian.education.judging.models import Performance, Sheet
from silian.education.practicals.models import Turn
from silian.education.turns.policy import keeper
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def sheets_to_sign(user: User) -> Iterable[Todo]:
    for place in policy.own_places(user):
        signed = Sheet.objects.filter(panellist=place, state=Sheet.State.SIGNED).values("turn")
        over = Turn.objects.filter(performance__state=Performance.State.FINISHED)
        waiting = over.filter(pk__in=policy.judged_turns(place)).exclude(pk__in=signed).count()
        if waiting:
            practical = place.station.practical
            yield Todo(
                _("Sign score sheets: %(station)s") % {"station": place.station.name},
                reverse("judging:station", args=[place.pk]),
                waiting,
                place=practical.consortium.name,
            )


@keeper
def turns_begun(turns: Collection[int]) -> Iterable[int]:
    return Performance.objects.filter(turn__in=turns).values_list("turn", flat=True)
