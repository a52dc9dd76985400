"""Promising, settling, answering and correcting. Each function is one thing somebody does."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.governance.roles.policy import people_of, secretaries_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import move
from silian.talent.cohorts.models import Cohort
from silian.talent.mentoring.statements import Quarter
from silian.talent.selections.models import Side
from silian.talent.settlements.counting import counted
from silian.talent.settlements.models import Answer, Line, Promise, Settlement
from silian.talent.settlements.policy import quarters_to_settle

State = Settlement.State
DAYS = 15  # in which both sides answer
Corrections = Mapping[int, tuple[Decimal, str]]  # by promise: what it really was, and why


@transaction.atomic
def save_promise(promise: Promise, *, by: User) -> Promise:
    promise.save()
    record(promise.cohort, gettext_noop("Promise made"), by=by, what=str(promise))
    return promise


@transaction.atomic
def remove_promise(promise: Promise, *, by: User) -> None:
    record(promise.cohort, gettext_noop("Promise taken out"), by=by, what=str(promise))
    promise.delete()


@transaction.atomic
def make_settlement(cohort: Cohort, quarter: Quarter, *, by: User | None) -> Settlement:
    """Hold every promise against what was given in a quarter that is over."""
    _hold(cohort)
    if quarter not in quarters_to_settle(cohort):
        raise ValidationError(_("This quarter is not over, or is settled already."))
    last = cohort.settlements.filter(year=quarter.year, quarter=quarter.number).count()
    settlement = Settlement.objects.create(
        cohort=cohort,
        year=quarter.year,
        quarter=quarter.number,
        version=last + 1,
        due_on=clock.today() + timedelta(days=DAYS),
        by=by,
    )
    _write_lines(settlement, {})
    record(settlement, gettext_noop("Settlement drawn up"), by=by)
    _tell_sides(settlement, gettext_noop("The settlement of “%(cohort)s” waits for your answer."))
    return settlement


@transaction.atomic
def answer(
    settlement: Settlement, *, side: str, accepted: bool, by: User, reason: str = ""
) -> None:
    """One side confirms or objects; once both have confirmed it is agreed."""
    Settlement.objects.select_for_update().get(pk=settlement.pk)
    settlement.refresh_from_db()
    if settlement.state != State.OPEN:
        raise ValidationError(_("This settlement is not waiting for an answer."))
    if settlement.answers.filter(side=side).exists():
        raise ValidationError(_("Your side has answered already."))
    Answer.objects.create(settlement=settlement, side=side, accepted=accepted, reason=reason, by=by)
    action = gettext_noop("Settlement confirmed") if accepted else gettext_noop("Objected to")
    record(settlement, action, by=by, side=side, why=reason)
    if not accepted:
        move(settlement, State.OBJECTED, by=by, why=reason)
        message = gettext_noop("The settlement of “%(cohort)s” was objected to: %(reason)s")
        _tell_sides(settlement, message, reason=reason)
    elif settlement.answers.filter(accepted=True).count() == len(Side):
        move(settlement, State.AGREED, by=by)
        _tell_sides(settlement, gettext_noop("Both sides agreed on a settlement of “%(cohort)s”."))


@transaction.atomic
def correct(
    settlement: Settlement, corrections: Corrections, *, reason: str, by: User
) -> Settlement:
    """Count anew and put right what both sides know better; the former version stays readable."""
    _hold(settlement.cohort)
    move(settlement, State.REPLACED, by=by, why=reason)
    new = Settlement.objects.create(
        cohort=settlement.cohort,
        year=settlement.year,
        quarter=settlement.quarter,
        version=settlement.version + 1,
        due_on=clock.today() + timedelta(days=DAYS),
        reason=reason,
        by=by,
    )
    _write_lines(new, corrections)
    record(new, gettext_noop("Settlement corrected"), by=by, why=reason)
    _tell_sides(new, gettext_noop("The settlement of “%(cohort)s” waits for your answer."))
    return new


def make_due() -> int:
    """Draw up what the quarter that has just ended asks for; return how many."""
    last = Quarter.of(clock.today()).previous
    rows = Cohort.objects.filter(
        state__in=[Cohort.State.RUNNING, Cohort.State.FINISHED],
        starts_on__lte=last.last,
        ends_on__gte=last.first,
        promises__isnull=False,
    ).exclude(settlements__year=last.year, settlements__quarter=last.number)
    due = [cohort for cohort in rows.distinct() if last in quarters_to_settle(cohort)]
    for cohort in due:
        make_settlement(cohort, last, by=None)
    return len(due)


@transaction.atomic
def remind() -> int:
    """Tell both sides and the secretariat once what was not answered in time."""
    late = list(Settlement.objects.overdue().filter(reminded_at=None))
    for settlement in late:
        message = gettext_noop("The settlement of “%(cohort)s” is overdue.")
        _tell_sides(settlement, message)
        _tell(secretaries_of(settlement.cohort.consortium), message, settlement)
        settlement.reminded_at = clock.now()
        settlement.save(update_fields=["reminded_at"])
    return len(late)


def _write_lines(settlement: Settlement, corrections: Corrections) -> None:
    rows = []
    for promise in settlement.cohort.promises.select_related("cohort", "giver"):
        found = counted(promise, settlement.time)
        actual, note = corrections.get(promise.pk, (found, ""))
        rows.append(
            Line(
                settlement=settlement,
                promise=promise,
                promised=promise.amount,
                counted=found,
                actual=actual,
                note=note if actual != found else "",
            )
        )
    Line.objects.bulk_create(rows)


def _hold(cohort: Cohort) -> None:
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def _tell_sides(settlement: Settlement, message: str, **words: str) -> None:
    cohort = settlement.cohort
    people = {person for side in [cohort.school, *cohort.firms] for person in people_of(side)}
    _tell(people, message, settlement, **words)


def _tell(people: Iterable[User], message: str, settlement: Settlement, **words: str) -> None:
    cohort = both(settlement.cohort, "title")
    notify(people, message, url=settlement.get_absolute_url(), cohort=cohort, **words)
