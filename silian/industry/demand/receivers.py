"""What waits for whom about positions, and what can be found."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.industry.demand import policy
from silian.industry.demand.models import Position
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search.services import index

State = Position.State

index(
    Position,
    visible=policy.visible_positions,
    text=lambda position: [
        position.occupation and position.occupation.full_name_zh,
        position.region and position.region.full_name_zh,
        position.duties_zh,
        position.duties_en,
        *(f"{skill.name_zh} {skill.name_en}" for skill in position.skills.all()),
        *(programme.name_zh for programme in position.programmes.all()),
    ],
    name=gettext_lazy("Positions"),
)


@todos.source
def positions_to_review(user: User) -> Iterable[Todo]:
    """The secretariat: what members handed in."""
    waiting = Position.objects.filter(state=State.SUBMITTED, consortium__in=secretariats_of(user))
    for consortium, count in _by_consortium(waiting):
        yield Todo(
            _("Positions to review"),
            reverse("demand:position_review", args=[consortium]) + "?state=submitted",
            count,
            place=consortium.name,
        )


@todos.source
def positions_returned(user: User) -> Iterable[Todo]:
    """The employer: what was returned."""
    own = Position.objects.filter(state=State.RETURNED, organisation__in=organisations_of(user))
    for consortium, count in _by_consortium(own):
        url = reverse("demand:own_positions", args=[consortium]) + "?state=returned"
        yield Todo(_("Positions returned to you"), url, count, place=consortium.name)


def _by_consortium(rows: QuerySet[Position]) -> Iterator[tuple[Consortium, int]]:
    """The consortia of these positions, each with how many there are."""
    counts = dict(rows.order_by().values_list("consortium").annotate(Count("pk")))
    for consortium in Consortium.objects.filter(pk__in=counts):
        yield consortium, counts[consortium.pk]
