"""The count of a year: who was trained, in what, how many hours and paid by whom."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from silian.education.completions.models import Completion
from silian.education.courses.models import Session
from silian.education.courses.terms import Payer


@dataclass(frozen=True)
class Row:
    """One session: places completed, each once."""

    session: Session
    people: int
    hours: Decimal  # of all its people together
    paid: dict[str, int] = field(default_factory=dict)  # places, by who pays

    @property
    def url(self) -> str:
        consortium = self.session.course.consortium
        return reverse("completions:result", args=[consortium, self.session.pk])


@dataclass(frozen=True)
class Year:
    """All sessions of a year. ``people`` counts a person once, however often they came."""

    rows: list[Row]
    people: int
    places: int
    hours: Decimal
    paid: dict[str, int]


def year_of(rows: QuerySet[Completion], year: int) -> Year:
    """What ``rows`` add up to."""
    done = rows.filter(completed_on__year=year).order_by()
    payers = {payer: Count("pk", filter=Q(enrolment__payer=payer)) for payer in Payer.values}
    sums = {"n": Count("pk"), "h": Sum("hours"), **payers}
    by_session = {
        found["enrolment__session"]: found
        for found in done.values("enrolment__session").annotate(**sums)
    }
    sessions = Session.objects.filter(pk__in=by_session).select_related(
        "course__consortium", "course__organiser", "course__occupation"
    )
    total = done.aggregate(people=Count("enrolment__person", distinct=True), **sums)
    return Year(
        rows=[_row(one, by_session[one.pk]) for one in sessions.order_by("starts_on", "pk")],
        people=total["people"],
        places=total["n"],
        hours=total["h"] or Decimal(0),
        paid={payer: total[payer] for payer in Payer.values},
    )


def _row(session: Session, found: Any) -> Row:
    paid = {payer: found[payer] for payer in Payer.values}
    return Row(session, found["n"], Decimal(found["h"]), paid)
