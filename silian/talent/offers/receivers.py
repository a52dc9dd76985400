"""What waits for students and employers once places are offered."""

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.roles.policy import organisations_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.placement.models import Placement
from silian.talent.rounds.models import Round


@todos.source
def offers_to_answer(user: User) -> Iterable[Todo]:
    """A student: the place I was given."""
    offered = Placement.objects.filter(
        student__user=user,
        state=Placement.State.OFFERED,
        answer_until__gt=clock.now(),
    )
    for placement in offered.select_related("round__consortium", "seat__position"):
        found = placement.round
        url = reverse("offers:my_result", args=[found.consortium, found.pk])
        label = _("Accept or decline your place")
        yield Todo(label, url, due=placement.answer_until, place=placement.seat.position.title)


@todos.source
def placements_to_confirm(user: User) -> Iterable[Todo]:
    """An employer: students who accepted."""
    accepted = Q(
        seats__placements__state=Placement.State.ACCEPTED,
        seats__placements__answer_until__gt=clock.now(),
        seats__position__organisation__in=organisations_of(user),
    )
    rounds = Round.objects.filter(state=Round.State.PUBLISHED).annotate(
        waiting=Count("seats__placements", filter=accepted, distinct=True)
    )
    for found in rounds.filter(waiting__gt=0).select_related("consortium"):
        url = reverse("offers:placement_index", args=[found.consortium, found.pk])
        yield Todo(
            _("Confirm those who accepted"),
            f"{url}?state=accepted",
            count=found.waiting,
            due=found.confirm_until,
            place=found.title,
        )
