"""What waits for whom from the end of wishes to the confirmed placement."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.placement.models import Placement
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


@todos.source
def offers_to_answer(user: User) -> Iterable[Todo]:
    """A student: the place I was given."""
    offered = Placement.objects.filter(
        student__user=user,
        state=Placement.State.OFFERED,
        round__confirm_until__gt=clock.now(),
    )
    for placement in offered.select_related("round__consortium", "seat__position"):
        found = placement.round
        url = reverse("placement:my_result", args=[found.consortium, found.pk])
        label = _("Accept or decline your place")
        yield Todo(label, url, due=found.confirm_until, place=placement.seat.position.title)


@todos.source
def placements_to_confirm(user: User) -> Iterable[Todo]:
    """An employer: students who accepted."""
    accepted = Q(
        seats__placements__state=Placement.State.ACCEPTED,
        seats__position__organisation__in=organisations_of(user),
    )
    rounds = Round.objects.filter(
        state=Round.State.PUBLISHED, confirm_until__gt=clock.now()
    ).annotate(waiting=Count("seats__placements", filter=accepted, distinct=True))
    for found in rounds.filter(waiting__gt=0).select_related("consortium"):
        url = reverse("placement:placement_index", args=[found.consortium, found.pk])
        yield Todo(
            _("Confirm those who accepted"),
            f"{url}?state=accepted",
            count=found.waiting,
            due=found.confirm_until,
            place=found.title,
        )


def _conducting(label: str, rounds: QuerySet[Round]) -> Iterator[Todo]:
    for found in rounds.select_related("consortium"):
        url = reverse("placement:conduct", args=[found.consortium, found.pk])
        yield Todo(label, url, place=found.title)
