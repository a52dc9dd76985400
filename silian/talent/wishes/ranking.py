"""What an employer does with those who applied to its seat."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.talent.rounds.models import Seat
from silian.talent.wishes.models import Wish
from silian.talent.wishes.services import ChangedElsewhere, while_it_is_allowed


@transaction.atomic
def rank_applicants(seat: Seat, order: Sequence[int], *, version: int, by: User) -> None:
    """Put the wishes with these keys first, in this order; the others stay unranked."""
    locked = _locked(seat, version)
    suitable = {wish.pk: wish for wish in locked.wishes.filter(barred="", refused=False)}
    if len(set(order)) != len(order) or not set(order) <= suitable.keys():
        raise ValidationError(_("The ranking names somebody twice, or who did not apply."))
    places = {key: place for place, key in enumerate(order, start=1)}
    for wish in suitable.values():
        wish.rank = places.get(wish.pk)
    with while_it_is_allowed():
        Wish.objects.bulk_update(suitable.values(), ["rank"], batch_size=500)
        _touch(locked)
    record(seat, gettext_noop("Applicants ranked"), by=by, ranked=len(order))


@transaction.atomic
def score_applicants(seat: Seat, scores: Mapping[int, Decimal], *, version: int, by: User) -> None:
    """Where the rule weighs the employer's scores: give these, 0 to 100; others have none."""
    locked = _locked(seat, version)
    suitable = {wish.pk: wish for wish in locked.wishes.filter(barred="", refused=False)}
    if not scores.keys() <= suitable.keys():
        raise ValidationError(_("The scores name somebody who did not apply."))
    for wish in suitable.values():
        wish.score = scores.get(wish.pk)
    with while_it_is_allowed():
        Wish.objects.bulk_update(suitable.values(), ["score"], batch_size=500)
        _touch(locked)
    record(seat, gettext_noop("Applicants scored"), by=by, scored=len(scores))


def rank_by_scores(seat: Seat, scores: Mapping[int, Decimal], *, version: int, by: User) -> None:
    """Rank by the employer's own scores, highest first; equals by points, then by the draw.

    ``scores`` are by key of the wish; who has none stays unranked.
    """
    rows = seat.wishes.filter(pk__in=scores).values_list("pk", "list__points", "list__draw")
    keys = {pk: (-scores[pk], -(points or 0), draw or 0) for pk, points, draw in rows}
    rank_applicants(seat, sorted(keys, key=keys.__getitem__), version=version, by=by)


@transaction.atomic
def refuse_applicant(wish: Wish, *, reason: str, by: User) -> None:
    """Say that an applicant is not suitable, and why; those ranked after move up."""
    seat = _locked(wish.seat)
    with while_it_is_allowed():
        Wish.objects.filter(pk=wish.pk).update(refused=True, refused_why=reason, rank=None)
        _close_gaps(seat)
        _touch(seat)
    record(wish, gettext_noop("Applicant marked as not suitable"), by=by, why=reason)


@transaction.atomic
def accept_applicant(wish: Wish, *, by: User) -> None:
    """Take back that an applicant is not suitable."""
    seat = _locked(wish.seat)
    with while_it_is_allowed():
        Wish.objects.filter(pk=wish.pk).update(refused=False, refused_why="")
        _touch(seat)
    record(wish, gettext_noop("Applicant is suitable after all"), by=by)


def hand_in_ranking(seat: Seat, *, by: User) -> None:
    """From now on the ranking counts. One that is not handed in does not count at all."""
    _set_done(seat, True)
    record(seat, gettext_noop("Ranking handed in"), by=by)


def take_back_ranking(seat: Seat, *, by: User) -> None:
    _set_done(seat, False)
    record(seat, gettext_noop("Ranking taken back"), by=by)


@transaction.atomic
def _set_done(seat: Seat, done: bool) -> None:
    locked = _locked(seat)
    locked.ranking_done = done
    with while_it_is_allowed():
        locked.version += 1
        locked.save(update_fields=["ranking_done", "version"])


def _locked(seat: Seat, version: int | None = None) -> Seat:
    locked = Seat.objects.select_for_update().get(pk=seat.pk)
    if version is not None and locked.version != version:
        raise ChangedElsewhere
    return locked


def _touch(seat: Seat) -> None:
    seat.version += 1
    seat.save(update_fields=["version"])


def _close_gaps(seat: Seat) -> None:
    ranked = list(seat.wishes.filter(rank__isnull=False).order_by("rank"))
    for place, wish in enumerate(ranked, start=1):
        wish.rank = place
    Wish.objects.bulk_update(ranked, ["rank"], batch_size=500)


def counts_ranking(seat: Seat) -> bool:
    """Does the run go by what this seat's employer said of its applicants?"""
    return seat.ranking_done and seat.round.asks_employers
