"""What waits for the secretariat before a round runs, and how rounds are found."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.roles.policy import secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search
from silian.talent.rounds import policy
from silian.talent.rounds.models import Round

search.index(
    Round,
    visible=policy.visible_rounds,
    name=gettext_lazy("Placement rounds"),
    text=lambda found: [],
)


@todos.source
def rounds_to_open(user: User) -> Iterable[Todo]:
    """A round that is still being prepared while its time for wishes comes."""
    prepared = Round.objects.filter(
        state=Round.State.PREPARED, consortium__in=secretariats_of(user)
    )
    for found in prepared.select_related("consortium"):
        url = found.get_absolute_url()
        label = _("Open “%(round)s”") % {"round": found.title}
        yield Todo(label, url, due=found.wishes_from, place=found.consortium.name)


@calendars.source
def deadlines(user: User) -> Iterable[Event]:
    for found in policy.rounds_of(user):
        yield from policy.events_of(found)
