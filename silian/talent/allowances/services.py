"""Promising and recording what learners are paid. Each function is one thing somebody does."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.roles.policy import people_of
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.talent.allowances.models import Allowance, Payment
from silian.talent.cohorts.models import Cohort, Learner


@transaction.atomic
def save_allowance(allowance: Allowance, *, by: User) -> Allowance:
    allowance.save()
    cohort = allowance.phase.cohort
    record(cohort, gettext_noop("Allowance promised"), by=by, amount=allowance.amount)
    return allowance


@transaction.atomic
def pay(  # noqa: PLR0913  a payment has that many sides
    allowance: Allowance,
    learners: Iterable[Learner],
    *,
    month: date,
    amount: Decimal,
    paid_on: date,
    by: User,
) -> int:
    """Record a month for many at once; whoever has that month already is left as they are."""
    rows = [
        Payment(
            allowance=allowance, learner=one, month=month, amount=amount, paid_on=paid_on, by=by
        )
        for one in learners
    ]
    before = allowance.payments.count()
    Payment.objects.bulk_create(rows, ignore_conflicts=True)
    return _told(allowance, allowance.payments.count() - before, by)


@transaction.atomic
def import_payments(rows: Sequence[dict[str, Any]], *, by: User) -> int:
    """Payments of a sheet."""
    made = Payment.objects.bulk_create(Payment(by=by, **row) for row in rows)
    for allowance in {payment.allowance for payment in made}:
        _told(allowance, sum(one.allowance_id == allowance.pk for one in made), by)
    return len(made)


@transaction.atomic
def take_back(payment: Payment, *, reason: str, by: User) -> None:
    """A payment was recorded by mistake."""
    cohort = payment.learner.cohort
    about = {"learner": payment.learner.code, "month": payment.month, "why": reason}
    record(cohort, gettext_noop("Payment taken back"), by=by, **about)
    payment.delete()


@transaction.atomic
def object_to(payment: Payment, *, reason: str, by: User) -> None:
    """The learner says that it did not arrive, or not in full."""
    payment.objection = reason
    payment.save(update_fields=["objection"])
    record(payment, gettext_noop("Objected to"), by=by, why=reason)
    people = {*people_of(payment.allowance.payer), *people_of(payment.learner.cohort.school)}
    message = gettext_noop("A learner of “%(cohort)s” objects to a payment.")
    _tell(people, message, payment.learner.cohort)


@transaction.atomic
def answer(payment: Payment, *, reason: str, by: User) -> None:
    payment.answer = reason
    payment.save(update_fields=["answer"])
    record(payment, gettext_noop("Objection answered"), by=by, why=reason)
    if payment.learner.student.user:
        message = gettext_noop("Your objection to a payment in “%(cohort)s” was answered.")
        _tell([payment.learner.student.user], message, payment.learner.cohort)


def _told(allowance: Allowance, count: int, by: User) -> int:
    """Write it into the record and tell the learners."""
    cohort = allowance.phase.cohort
    record(cohort, gettext_noop("Payments recorded"), by=by, count=count, what=str(allowance))
    people = User.objects.filter(
        enrolments__cohort_places__in=cohort.learners.placed(), is_active=True
    )
    if count:
        _tell(people, gettext_noop("A payment in “%(cohort)s” was recorded."), cohort)
    return count


def _tell(people: Iterable[User], message: str, cohort: Cohort) -> None:
    url = reverse("allowances:allowance_index", args=[cohort.consortium, cohort.pk])
    notify(people, message, url=url, cohort=both(cohort, "title"))
