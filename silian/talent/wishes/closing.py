"""The end of the time for wishes: what every run must see alike is frozen."""

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.engines.matching import draw_lottery
from silian.industry.demand.models import Position
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import move
from silian.talent.criteria.groups import level_of
from silian.talent.criteria.services import points_of, reserves_of, shut_out
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round
from silian.talent.rounds.services import employers_of
from silian.talent.wishes.models import Wish, WishList
from silian.talent.wishes.policy import placed_before


@transaction.atomic
def close_wishes(found: Round, *, by: User | None) -> None:
    """End the time for wishes and freeze what every run must see alike."""
    move(found, Round.State.RANKING, by=by)
    freeze(found)
    if found.asks_employers:
        notify(
            employers_of(found),
            gettext_noop("“%(round)s”: wishes are closed. Please rank those who applied to you."),
            url=reverse("wishes:my_seats", args=[found.consortium, found.pk]),
            round=both(found, "title"),
        )


def close_overdue() -> int:
    """Close the wishes of every round whose deadline has passed; return how many there were."""
    overdue = Round.objects.filter(state=Round.State.WISHING, wishes_until__lte=clock.now())
    closed = list(overdue.select_related("consortium"))
    for found in closed:
        close_wishes(found, by=None)
    return len(closed)


def freeze(found: Round) -> None:
    """Points, eligibility and groups count as they are now; each list gets its place in the draw.

    That place is the one of SHA-256 of "seed:code", as published.
    """
    found.wish_lists.update(points=points_of(found))
    _bar_wishes(found)
    _note_reserves(found)
    _freeze_draw(found)


def _bar_wishes(found: Round) -> None:
    """Mark the wishes that no longer count because their student's data changed since."""
    wishes = Wish.objects.filter(list__round=found, barred="")
    students = Student.objects.filter(wish_lists__round=found)
    _bar(wishes, students.exclude(state=Student.State.ENROLLED), Wish.Bar.LEFT)
    if found.graduates:
        _bar(wishes, students.exclude(graduates=found.graduates), Wish.Bar.GRADUATES)
    if found.follows:
        _bar(wishes, students.filter(placed_before(found)), Wish.Bar.PLACED)
    taken = Position.programmes.through.objects.filter(position=OuterRef("seat__position"))
    fits = Q()
    for upper in ("", "__parent", "__parent__parent"):
        fits |= Q(code=OuterRef(f"list__student__programme{upper}"))
    misfits = wishes.filter(Exists(taken), ~Exists(taken.filter(fits)))
    misfits.update(barred=Wish.Bar.PROGRAMME)
    asking = wishes.filter(seat__position__education__gt=0)
    low = asking.annotate(level=level_of("list__student__")).filter(
        seat__position__education__gt=F("level")
    )
    wishes.filter(pk__in=low.values("pk")).update(barred=Wish.Bar.EDUCATION)
    for governed, meeting in shut_out(found):
        wishes.filter(governed).exclude(list__student__in=meeting).update(barred=Wish.Bar.RULE)


def _bar(wishes: QuerySet[Wish], students: QuerySet[Student], why: str) -> None:
    wishes.filter(list__student__in=students.values("pk")).update(barred=why)


def _note_reserves(found: Round) -> None:
    """Write into each list which reserves of the seats it wishes for are meant for its student."""
    keys = ArrayField(BigIntegerField())
    for reserve, group in reserves_of(found):
        asking = Wish.objects.filter(seat=reserve.seat_id).values("list")
        WishList.objects.filter(pk__in=asking, student__in=group).update(
            reserves=Func(
                F("reserves"), Value(reserve.pk), function="array_append", output_field=keys
            )
        )


def _freeze_draw(found: Round) -> None:
    codes = sorted(found.wish_lists.values_list("code", "pk"))
    draws = draw_lottery(int(found.seed), [code for code, _pk in codes]).tolist()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wishes_wishlist SET draw = drawn.place"
            " FROM unnest(%s::bigint[], %s::int[]) AS drawn(id, place)"
            " WHERE wishes_wishlist.id = drawn.id",
            [[pk for _code, pk in codes], draws],
        )
