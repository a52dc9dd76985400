"""What waits for the secretariat from the end of wishes to the published result."""

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.roles.policy import secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.rounds.models import Round


@todos.source
def rounds_to_conduct(user: User) -> Iterable[Todo]:
    """The secretariat: rounds that can be computed, and results to check and publish."""
    rounds = Round.objects.filter(consortium__in=secretariats_of(user))
    by_points = Q(rule=Round.Rule.POINTS) | Q(ranking_until__lte=clock.now())
    due = rounds.filter(by_points, state=Round.State.RANKING)
    yield from _conducting(_("Compute a placement round"), due)
    computed = rounds.filter(state=Round.State.COMPUTED)
    yield from _conducting(_("Check and publish a placement result"), computed)


def _conducting(label: str, rounds: QuerySet[Round]) -> Iterator[Todo]:
    for found in rounds.select_related("consortium"):
        url = reverse("placement:conduct", args=[found.consortium, found.pk])
        yield Todo(label, url, place=found.title)
