"""What was really given of a promise until the end of a quarter."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from silian.governance.contributions.models import Entry
from silian.talent.allowances.models import Payment
from silian.talent.cohorts.models import Learner
from silian.talent.mentoring.models import Hours
from silian.talent.mentoring.statements import Quarter
from silian.talent.outcomes.models import Outcome
from silian.talent.rotations.models import Stay
from silian.talent.rotations.timetable import groups_of, peak
from silian.talent.settlements.models import Measure, Promise

NOTHING = Decimal(0)


def counted(promise: Promise, quarter: Quarter) -> Decimal:
    """In the quarter; for what is promised in all, from the start of the cohort to its end."""
    whole = promise.every == Promise.Every.WHOLE
    first = promise.cohort.starts_on if whole else quarter.first
    return COUNTS[Measure(promise.measure)](promise, first, quarter.last)


def _places(promise: Promise, first: date, last: date) -> Decimal:
    """The most that were there at a time."""
    sizes = {group.pk: group.size for group in groups_of(promise.cohort)}  # type: ignore[attr-defined]
    stays = Stay.objects.filter(
        group__cohort=promise.cohort, site=promise.giver, starts_on__lte=last, ends_on__gte=first
    )
    return Decimal(
        peak(
            (max(stay.starts_on, first), min(stay.ends_on, last), sizes.get(stay.group_id, 0))
            for stay in stays
        )
    )


def _hours(promise: Promise, first: date, last: date) -> Decimal:
    rows = Hours.objects.filter(
        mentor__cohort=promise.cohort,
        mentor__organisation=promise.giver,
        state=Hours.State.CONFIRMED,
        on__range=(first, last),
    )
    return rows.aggregate(n=Sum("hours"))["n"] or NOTHING


def _pay(promise: Promise, first: date, last: date) -> Decimal:
    rows = Payment.objects.filter(
        learner__cohort=promise.cohort,
        allowance__payer=promise.giver,
        month__range=(first.replace(day=1), last),
    )
    return rows.aggregate(n=Sum("amount"))["n"] or NOTHING


def _ledger(promise: Promise, first: date, last: date) -> Decimal:
    """What the receiver confirmed in the agreement's ledger, of the pledge where one is named."""
    rows = Entry.objects.confirmed().filter(
        agreement=promise.cohort.agreement,
        giver=promise.giver,
        kind=promise.measure,
        unit="yuan",
        on__range=(first, last),
    )
    if promise.pledge_id:
        rows = rows.filter(pledge=promise.pledge_id)
    return rows.aggregate(n=Sum("amount"))["n"] or NOTHING


def _employed(promise: Promise, _first: date, last: date) -> Decimal:
    rows = Outcome.objects.filter(
        learner__cohort=promise.cohort, fate=Outcome.Fate.HERE, on__lte=last
    )
    return Decimal(rows.values("learner").distinct().count())


def _share(promise: Promise, first: date, last: date) -> Decimal:
    completed = promise.cohort.learners.filter(state=Learner.State.COMPLETED).count()
    if not completed:
        return NOTHING
    return (100 * _employed(promise, first, last) / completed).quantize(Decimal("0.1"))


COUNTS: dict[Measure, Callable[[Promise, date, date], Decimal]] = {
    Measure.PLACES: _places,
    Measure.HOURS: _hours,
    Measure.PAY: _pay,
    Measure.MONEY: _ledger,
    Measure.EQUIPMENT: _ledger,
    Measure.EMPLOYED: _employed,
    Measure.SHARE: _share,
}
