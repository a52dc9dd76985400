"""Setting the rules of a round, and reckoning by them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Round
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.talent.criteria.groups import members_of
from silian.talent.criteria.models import Criterion, Requirement, Reserve, Score
from silian.talent.profiles.models import Student
from silian.talent.rounds import models as rounds
from silian.talent.rounds.models import Seat

NONE = Value(Decimal(0))


@transaction.atomic
def save_criterion(criterion: Criterion, *, by: User) -> None:
    criterion.save()
    _note(criterion.round, gettext_noop("Criterion set"), criterion.title_zh, by)


@transaction.atomic
def save_requirement(rule: Requirement, *, by: User) -> None:
    rule.save()
    _note(rule.round, gettext_noop("Requirement set"), rule.words, by)


@transaction.atomic
def save_reserve(reserve: Reserve, *, by: User) -> None:
    """Keep places for a group; all reserves of a seat together fit into its quota."""
    seat = Seat.objects.select_for_update().get(pk=reserve.seat_id)
    others = seat.reserves.exclude(pk=reserve.pk).aggregate(n=Sum("places", default=0))["n"]
    if others + reserve.places > seat.quota:
        message = _("The position has %(quota)s places, of which %(kept)s are reserved already.")
        raise ValidationError(message % {"quota": seat.quota, "kept": others})
    reserve.save()
    _note(seat.round, gettext_noop("Places reserved"), f"{seat}: {reserve.words}", by)


@transaction.atomic
def remove_rule(rule: Criterion | Requirement | Reserve, *, by: User) -> None:
    found = rule.seat.round if isinstance(rule, Reserve) else rule.round
    words = str(rule)
    rule.delete()
    _note(found, gettext_noop("Rule removed"), words, by)


@transaction.atomic
def bring_scores(criterion: Criterion, values: Mapping[int, Decimal], *, by: User) -> int:
    """Set the scores of these students, by key; those of others stay."""
    Score.objects.bulk_create(
        [Score(criterion=criterion, student_id=key, value=it) for key, it in values.items()],
        update_conflicts=True,
        unique_fields=["criterion", "student"],
        update_fields=["value"],
        batch_size=2000,
    )
    record(criterion.round, gettext_noop("Scores brought in"), by=by, scores=len(values))
    return len(values)


@transaction.atomic
def copy_rules(
    source: rounds.Round, target: rounds.Round, *, scores: bool, seats: Mapping[int, int]
) -> None:
    """Give ``target`` the rules of ``source``; ``seats`` maps keys of its seats to those there."""
    criteria: dict[int | None, int | None] = {None: None}
    for it in source.criteria.all():
        old, it.pk, it.round = it.pk, None, target
        it.save()
        criteria[old] = it.pk
        if scores:
            _copy_scores(old, it.pk)
    for rule in source.requirements.all():
        if rule.seat_id is None or rule.seat_id in seats:
            rule.seat_id = seats[rule.seat_id] if rule.seat_id else None
            rule.pk, rule.round, rule.criterion_id = None, target, criteria[rule.criterion_id]
            rule.save()
    for reserve in Reserve.objects.filter(seat__in=list(seats)):
        reserve.pk, reserve.criterion_id = None, criteria[reserve.criterion_id]
        reserve.seat_id = seats[reserve.seat_id]
        reserve.save()


def points_of(found: rounds.Round, student: str = "student") -> Combinable:
    """The points of a list's student by the published criteria, 0 to 100; overall ones without.

    Who has no value in a criterion counts as having 0 there.
    """
    overall = Subquery(Student.objects.filter(pk=OuterRef(student)).values("points"))
    weighty = [it for it in found.criteria.all() if it.weight]
    if not weighty:
        return overall
    total: Any = NONE
    for criterion in weighty:
        scores = Score.objects.filter(criterion=criterion, student=OuterRef(student))
        by_sheet = criterion.source == Criterion.Source.SHEET
        value = Subquery(scores.values("value")) if by_sheet else overall
        total += Coalesce(value, NONE) * Value(Decimal(criterion.weight))
    weights = Value(Decimal(sum(it.weight for it in weighty)))
    return Round(total / weights, precision=2)


def shut_out(found: rounds.Round) -> list[tuple[Q, Any]]:
    """Each group of requirements, as which wishes it governs and which students meet it."""
    groups: dict[tuple[int | None, str], list[Requirement]] = {}
    for rule in found.requirements.select_related("programme", "region"):
        groups.setdefault((rule.seat_id, rule.kind), []).append(rule)
    on = found.wishes_until.date()
    return [
        (Q(seat=seat) if seat else Q(), members_of(rules, on).values("pk"))
        for (seat, _kind), rules in groups.items()
    ]


def reserves_of(found: rounds.Round) -> list[tuple[Reserve, Any]]:
    """Each reserve of a round, in the order of its seats, with the students it is for."""
    rows = Reserve.objects.filter(seat__round=found).select_related("programme", "region")
    on: date = found.wishes_until.date()
    return [(it, members_of([it], on).values("pk")) for it in rows.order_by("seat", "pk")]


def _copy_scores(source: int, target: int) -> None:
    rows = Score.objects.filter(criterion=source).values_list("student", "value")
    Score.objects.bulk_create(
        (Score(criterion_id=target, student_id=student, value=it) for student, it in rows),
        batch_size=5000,
    )


def _note(found: rounds.Round, action: str, words: str, by: User) -> None:
    record(found, action, by=by, rule=words)
