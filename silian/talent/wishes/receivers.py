"""What waits for students and employers while a round is open."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.roles.models import Role
from silian.governance.roles.policy import organisations_of, roles_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.persons.models import Person
from silian.talent.records.holdings import Holding, Row, register
from silian.talent.rounds.models import Round
from silian.talent.wishes import policy
from silian.talent.wishes.models import Wish, WishList


@todos.source
def wishes_to_state(user: User) -> Iterable[Todo]:
    """A student: each round that is open and meant for me, until my list is confirmed."""
    if not any(role.kind == Role.Kind.STUDENT for role in roles_of(user)):
        return
    now = clock.now()
    rounds = Round.objects.filter(
        state=Round.State.WISHING, wishes_from__lte=now, wishes_until__gt=now
    )
    done = WishList.objects.filter(student__user=user, confirmed_at__isnull=False)
    waiting = rounds.filter(policy.meant_for(user)).exclude(pk__in=done.values("round"))
    for found in waiting.select_related("consortium"):
        url = reverse("wishes:wish_list", args=[found.consortium, found.pk])
        label = _("State and confirm your wishes")
        yield Todo(label, url, due=found.wishes_until, place=found.title)


@todos.source
def rankings_to_hand_in(user: User) -> Iterable[Todo]:
    """An employer: seats with applicants whose ranking is not handed in."""
    ours = Q(
        seats__position__organisation__in=organisations_of(user),
        seats__ranking_done=False,
        seats__wishes__barred="",
    )
    rounds = Round.objects.filter(state=Round.State.RANKING, ranking_until__gt=clock.now()).exclude(
        rule=Round.Rule.POINTS
    )
    counted = rounds.annotate(open=Count("seats", filter=ours, distinct=True)).filter(open__gt=0)
    for found in counted.select_related("consortium"):
        url = reverse("wishes:my_seats", args=[found.consortium, found.pk])
        label = _("Rank those who applied")
        yield Todo(label, url, count=found.open, due=found.ranking_until, place=found.title)


# --- what is held of a person ---------------------------------------------------------------

PUBLISHED = gettext_lazy(
    "Published results show codes only, and must stay verifiable. Without your name nothing in "
    "them tells who it was."
)


def wishes_of(person: Person) -> Iterator[Row]:
    rows = Wish.objects.filter(list__student__person=person)
    for wish in rows.select_related("list__round", "seat__position__organisation"):
        facts = {
            _("round"): wish.list.round.title,
            _("choice"): f"{wish.order}",
            _("position"): wish.seat.position.title,
            _("organisation"): wish.seat.position.organisation.name,
            _("why not suitable"): wish.refused_why,
        }
        yield {name: value for name, value in facts.items() if value}


register(Holding("wishes", gettext_lazy("Wishes"), wishes_of, stays=PUBLISHED))
