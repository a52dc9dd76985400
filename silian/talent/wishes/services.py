"""What students do with wishes. Their end is in ``closing.py``, rankings are in ``ranking.py``."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import IllegalMove
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round, Seat
from silian.talent.wishes import consenting
from silian.talent.wishes.models import Wish, WishList


class ChangedElsewhere(Exception):
    """The list is not what the reader saw: another window changed it. Nothing was written."""


def add_wish(found: Round, student: Student, seat: Seat, *, version: int, by: User) -> None:
    """Put ``seat`` at the end of the list."""
    with _changing(found, student, version, by) as wish_list:
        orders = dict(wish_list.wishes.values_list("seat", "order"))
        if seat.pk in orders:
            raise ValidationError(_("This position is in your list already."))
        if len(orders) >= found.max_wishes:
            message = _("You can state %(count)s wishes. Remove one first.")
            raise ValidationError(message % {"count": found.max_wishes})
        Wish.objects.create(list=wish_list, seat=seat, order=len(orders) + 1)


def remove_wish(wish: Wish, *, version: int, by: User) -> None:
    """Take a wish out; those after it move up."""
    mine = wish.list
    with _changing(mine.round, mine.student, version, by) as wish_list:
        wish.delete()
        wish_list.wishes.filter(order__gt=wish.order).update(order=F("order") - 1)


def place_wish(wish: Wish, *, order: int, version: int, by: User) -> None:
    """Make a wish the ``order``-th; those between move by one."""
    mine = wish.list
    with _changing(mine.round, mine.student, version, by) as wish_list:
        order = min(max(order, 1), wish_list.wishes.count())
        between = wish_list.wishes.filter(order__range=sorted((order, wish.order)))
        step = 1 if order < wish.order else -1
        between.exclude(pk=wish.pk).update(order=F("order") + step)
        Wish.objects.filter(pk=wish.pk).update(order=order)


@transaction.atomic
def confirm_wishes(wish_list: WishList, *, version: int, by: User, named: bool = False) -> None:
    """Note that the student looked the list over, and send a receipt of it.

    ``named``: the employers in it may read who the student is.
    """
    found = wish_list.round
    locked = WishList.objects.select_for_update().get(pk=wish_list.pk)
    if locked.version != version:
        raise ChangedElsewhere
    locked.confirmed_at = clock.now()
    with while_it_is_allowed():
        locked.save(update_fields=["confirmed_at"])
    seats = list(locked.wishes.values_list("seat", flat=True))
    record(locked, gettext_noop("Wishes confirmed"), by=by, seats=seats)
    if named:
        consenting.give(locked, by=by)
    notify(
        [by],
        gettext_noop("“%(round)s”: your %(count)s wishes are saved and confirmed."),
        url=reverse("wishes:wish_list", args=[found.consortium, found.pk]),
        round=both(found, "title"),
        count=str(len(seats)),
    )


@contextmanager
def _changing(found: Round, student: Student, version: int, by: User) -> Iterator[WishList]:
    """The student's list, locked and as the reader saw it; afterwards a new version of it."""
    with while_it_is_allowed(), transaction.atomic():
        locked = WishList.objects.select_for_update()
        wish_list, _new = locked.get_or_create(round=found, student=student)
        if wish_list.version != version:
            raise ChangedElsewhere
        yield wish_list
        wish_list.version += 1
        wish_list.saved_at, wish_list.confirmed_at = clock.now(), None
        wish_list.save(update_fields=["version", "saved_at", "confirmed_at"])
        seats = list(wish_list.wishes.values_list("seat", flat=True))
        record(wish_list, gettext_noop("Wishes changed"), by=by, seats=seats)


@contextmanager
def while_it_is_allowed() -> Iterator[None]:
    """Where the round moved on in between, the database refuses: a lost race like any other."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", "") != "a_settled_round_stands":
            raise
        raise IllegalMove(str(error)) from error
