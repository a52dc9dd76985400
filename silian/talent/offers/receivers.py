"""What waits for students and employers once places are offered."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.roles.policy import organisations_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.persons.models import Person
from silian.talent.placement.models import Placement
from silian.talent.records.holdings import Holding, Row, register
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


# --- what is held of a person ---------------------------------------------------------------

PUBLISHED = gettext_lazy(
    "Published results show codes only, and must stay verifiable. Without your name nothing in "
    "them tells who it was."
)


def placements_of(person: Person) -> Iterator[Row]:
    rows = Placement.objects.filter(student__person=person)
    for one in rows.select_related("round", "seat__position__organisation"):
        yield {
            _("round"): one.round.title,
            _("position"): one.seat.position.title,
            _("organisation"): one.seat.position.organisation.name,
            _("state"): one.get_state_display(),
        }


register(Holding("placements", gettext_lazy("Placements"), placements_of, stays=PUBLISHED))
