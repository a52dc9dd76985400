"""Entering the criteria of a station. Each function is one thing somebody does."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.practicals.models import Criterion, Station
from silian.education.practicals.services import RUBRIC, next_place
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record


@transaction.atomic
def save_criterion(criterion: Criterion, *, by: User) -> Criterion:
    if criterion.pk is None:
        Station.objects.select_for_update().get(pk=criterion.station_id)
        criterion.order = next_place(criterion.station.criteria)
    criterion.save()
    _record_rubric(criterion.station, by)
    return criterion


@transaction.atomic
def remove_criterion(criterion: Criterion, *, by: User) -> None:
    criterion.delete()
    _record_rubric(criterion.station, by)


@transaction.atomic
def set_rubric(station: Station, rows: Iterable[Mapping[str, Any]], *, by: User) -> int:
    """The criteria of a list instead of those that are there."""
    station.criteria.all().delete()
    found = Criterion.objects.bulk_create(
        Criterion(station=station, order=order, **{name: row[name] for name in RUBRIC})
        for order, row in enumerate(rows, start=1)
    )
    _record_rubric(station, by)
    return len(found)


def _record_rubric(station: Station, by: User) -> None:
    text = gettext_noop("Criteria of a station changed")
    record(station.practical, text, by=by, station=station.name_zh)
