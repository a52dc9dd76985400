"""Who writes what during an internship. Whoever sees the internship reads all of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.roles.policy import Viewer, acts_for
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict
from silian.talent.internships.models import Internship
from silian.talent.internships.policy import (
    is_intern,
    may_keep,
    may_note,
    visible_internships,
)
from silian.talent.practice.models import Entry, Guidance, Incident, Payment, Task

State = Internship.State
DUE_DAY = 15  # of the next month: until then the pay of a month may come
LATE_WEEKS = 2


def visible_entries(user: Viewer) -> QuerySet[Entry]:
    """Journals of the internships that one sees; a draft is the student's alone."""
    seen = Entry.objects.filter(internship__in=visible_internships(user).values("pk"))
    mine = Q(internship__student__user=user.pk, internship__student__user__isnull=False)
    rows = seen.filter(mine | ~Q(state=Entry.State.DRAFT))
    return rows.select_related("answered_by").prefetch_related("evidence__file", "tasks")


def visible_tasks(user: Viewer) -> QuerySet[Task]:
    seen = visible_internships(user).values("pk")
    rows = Task.objects.filter(internship__in=seen)
    return rows.select_related("skill", "unit", "internship__student__school", "internship__unit")


def visible_guidance(user: Viewer) -> QuerySet[Guidance]:
    seen = visible_internships(user).values("pk")
    return Guidance.objects.filter(internship__in=seen).select_related("by")


def visible_incidents(user: Viewer) -> QuerySet[Incident]:
    seen = visible_internships(user).values("pk")
    return Incident.objects.filter(internship__in=seen).select_related("by")


def visible_payments(user: Viewer) -> QuerySet[Payment]:
    seen = visible_internships(user).values("pk")
    return Payment.objects.filter(internship__in=seen).select_related("by")


def may_plan(user: Viewer, internship: Internship) -> Verdict:
    """School, unit and mentors plan, until it is over."""
    return may_note(user, internship, State.PREPARED, State.AGREED, State.RUNNING)


def may_write(user: Viewer, internship: Internship) -> Verdict:
    """The student writes the journal, and for two weeks after the end."""
    if not is_intern(user, internship):
        return Verdict(_("Only the student writes the journal."))
    last = internship.ended_on or internship.ends_on
    just_over = internship.state == State.FINISHED and clock.today() <= last + timedelta(days=14)
    if internship.state == State.RUNNING or just_over:
        return YES
    return Verdict(_("The journal is kept while the internship runs."))


def may_change(user: Viewer, entry: Entry) -> Verdict:
    verdict = may_write(user, entry.internship)
    if verdict and entry.state not in Entry.EDITABLE:
        return Verdict(_("It was handed in already."))
    return verdict


def may_answer(user: Viewer, entry: Entry) -> Verdict:
    """A mentor confirms or returns; never the student."""
    internship = entry.internship
    if user.pk is None or user.pk not in (internship.school_mentor_id, internship.unit_mentor_id):
        return Verdict(_("Only the two mentors answer the journal."))
    if entry.state != Entry.State.SUBMITTED:
        return Verdict(_("It does not wait for an answer."))
    return YES


def may_guide(user: Viewer, internship: Internship) -> Verdict:
    return may_note(user, internship, State.AGREED, State.RUNNING)


def may_report(user: Viewer, internship: Internship) -> Verdict:
    """Mentors, school and unit report incidents, and the student does."""
    if is_intern(user, internship):
        return YES
    return may_note(user, internship)


def may_close(user: Viewer, incident: Incident) -> Verdict:
    verdict = may_keep(user, incident.internship)
    if verdict and incident.closed_at:
        return Verdict(_("It is closed already."))
    return verdict


def may_pay(user: Viewer, internship: Internship) -> Verdict:
    """The unit enters what it has paid; the school may, from the student's papers."""
    if not (acts_for(user, internship.unit) or acts_for(user, internship.student.school)):
        return Verdict(_("Only the unit and the school enter payments."))
    if internship.state in (State.PREPARED, State.AGREED, State.CANCELLED):
        return Verdict(_("It has not begun."))
    return YES


def may_confirm(user: Viewer, payment: Payment) -> Verdict:
    """Only the student says whether the money has come."""
    if not is_intern(user, payment.internship):
        return Verdict(_("Only the student confirms a payment."))
    return Verdict(_("It is confirmed already.")) if payment.confirmed_at else YES


# --- what is lacking --------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """A month whose pay is late or short."""

    month: date
    due: Decimal
    paid: Decimal | None  # none: nothing yet

    @property
    def is_late(self) -> bool:
        return self.paid is None


def pay_gaps(internship: Internship) -> list[Gap]:
    """Months, first to last, of which the agreed pay has not come in full by its day."""
    if internship.pay is None or internship.state in (
        State.PREPARED,
        State.AGREED,
        State.CANCELLED,
    ):
        return []
    paid = {payment.month: payment.amount for payment in internship.payments.all()}
    gaps = []
    for month in months_of(internship):
        due = due_for(internship, month)
        if _next(month) + timedelta(days=DUE_DAY - 1) > clock.today() and month not in paid:
            continue
        if (amount := paid.get(month)) is None or amount < due:
            gaps.append(Gap(month, due, amount))
    return gaps


def months_of(internship: Internship) -> Iterator[date]:
    month, last = internship.starts_on.replace(day=1), internship.ended_on or internship.ends_on
    while month <= last:
        yield month
        month = _next(month)


def due_for(internship: Internship, month: date) -> Decimal:
    """The agreed pay, by days in the first and in the last month."""
    last = internship.ended_on or internship.ends_on
    first_day = max(internship.starts_on, month)
    last_day = min(last, _next(month) - timedelta(days=1))
    length = (_next(month) - month).days
    share = Decimal((last_day - first_day).days + 1) / length
    return ((internship.pay or Decimal(0)) * share).quantize(Decimal("0.01"))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def missing_weeks(internship: Internship) -> list[date]:
    """Past weeks of the internship without an entry that was handed in."""
    kept = {e.week for e in internship.entries.all() if e.state != Entry.State.DRAFT}
    week, found = monday(internship.starts_on), []
    last = min(internship.ended_on or internship.ends_on, clock.today() - timedelta(days=7))
    while week <= last:
        if week not in kept:
            found.append(week)
        week += timedelta(days=7)
    return found


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
