"""A rehearsal: the round as it stands, copied and computed, seen by its secretariat alone."""

from django.db import connection, transaction
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.talent.criteria.models import Reserve
from silian.talent.criteria.services import copy_rules
from silian.talent.placement.models import Bundle, Grant, Outcome, Run
from silian.talent.rounds.models import Round, Seat
from silian.talent.rounds.services import start_copy
from silian.talent.wishes.closing import freeze
from silian.talent.wishes.models import Wish, WishList

LISTS = """
    INSERT INTO wishes_wishlist (round_id, student_id, code, version, saved_at, confirmed_at,
        reserves)
    SELECT %s, student_id, code, version, saved_at, confirmed_at, '{}'
    FROM wishes_wishlist WHERE round_id = %s"""
WISHES = """
    INSERT INTO wishes_wish (list_id, seat_id, "order", barred, rank, score, refused, refused_why)
    SELECT copy.id, there.id, w."order", '', w.rank, w.score, w.refused, w.refused_why
    FROM wishes_wish w
    JOIN wishes_wishlist mine ON mine.id = w.list_id AND mine.round_id = %(from)s
    JOIN wishes_wishlist copy ON copy.student_id = mine.student_id AND copy.round_id = %(to)s
    JOIN rounds_seat here ON here.id = w.seat_id
    JOIN rounds_seat there ON there.position_id = here.position_id AND there.round_id = %(to)s"""


@transaction.atomic
def rehearse(found: Round, *, by: User) -> Round:
    """Copy a round with its seats, rules and the wishes there are, as if they closed now.

    Nobody is told of a rehearsal; it is never published, and can be deleted.
    """
    copy = start_copy(found, rehearses=found, state=Round.State.REHEARSAL)
    fields = "position_id quota minimum closed_why ranking_done".split()
    seats = Seat.objects.bulk_create(
        Seat(round=copy, **{name: getattr(seat, name) for name in fields})
        for seat in found.seats.order_by("pk")
    )
    keys = zip(found.seats.order_by("pk").values_list("pk", flat=True), seats, strict=True)
    copy_rules(found, copy, scores=True, seats={key: seat.pk for key, seat in keys})
    with connection.cursor() as cursor:
        cursor.execute(LISTS, [copy.pk, found.pk])
        cursor.execute(WISHES, {"from": found.pk, "to": copy.pk})
    freeze(copy)
    record(found, gettext_noop("Rehearsal prepared"), by=by)
    return copy


@transaction.atomic
def delete_rehearsal(copy: Round, *, by: User) -> None:
    """Take every row of a rehearsal away; what it was of keeps a note that there was one."""
    found = copy.rehearses
    if found is None:
        raise ValueError(f"round {copy.pk} is no rehearsal")
    Outcome.objects.filter(run__round=copy)._raw_delete("default")
    Grant.objects.filter(run__round=copy)._raw_delete("default")
    Bundle.objects.filter(run__round=copy)._raw_delete("default")
    Run.objects.filter(round=copy)._raw_delete("default")
    Wish.objects.filter(list__round=copy)._raw_delete("default")
    WishList.objects.filter(round=copy)._raw_delete("default")
    copy.requirements.all().delete()
    Reserve.objects.filter(seat__round=copy).delete()
    copy.criteria.all().delete()
    copy.seats.all().delete()
    copy.delete()
    record(found, gettext_noop("Rehearsal deleted"), by=by)
