"""What waits for examiners: turns that are over and whose sheet is not signed."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.judging import policy
from silian.education.judging.models import Performance, Sheet
from silian.education.practicals.models import Turn
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
