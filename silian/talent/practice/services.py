"""What is written down during an internship. Each function is one thing somebody does."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_noop

from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.files.content import DOCUMENTS
from silian.kernel.files.services import store
from silian.kernel.states import IllegalMove, move
from silian.talent.internships.models import Internship
from silian.talent.internships.services import tell
from silian.talent.practice.models import Entry, Evidence, Guidance, Incident, Payment, Task

State = Entry.State


@transaction.atomic
def save_task(task: Task, *, by: User) -> None:
    """Keep a line of the plan."""
    task.save()
    record(task.internship, gettext_noop("Plan changed"), by=by, task=task.title)


@transaction.atomic
def remove_task(task: Task, *, by: User) -> None:
    """Take a line out of the plan; the journal stays as it was written."""
    task.delete()
    record(task.internship, gettext_noop("Plan changed"), by=by, removed=task.title)


@transaction.atomic
def save_entry(
    entry: Entry,
    *,
    by: User,
    tasks: Iterable[Task] = (),
    uploads: "Iterable[UploadedFile[bytes]]" = (),
) -> Entry:
    """Keep a draft of a week, with its evidence."""
    if entry.pk and not Entry.objects.filter(pk=entry.pk, state__in=Entry.EDITABLE).exists():
        raise IllegalMove(f"{entry} was handed in meanwhile")
    entry.save()
    entry.tasks.set(tasks)
    for upload in uploads:
        Evidence.objects.create(entry=entry, file=store(upload, by=by, kinds=DOCUMENTS))
    record(entry, gettext_noop("Journal entry kept"), by=by)
    return entry


@transaction.atomic
def hand_in(entry: Entry, *, by: User) -> None:
    """Hand the week in for the mentors."""
    move(entry, State.SUBMITTED, by=by)
    message = gettext_noop("%(student)s has handed in a journal entry.")
    _tell(entry.internship, message, _mentors(entry.internship), entry.get_absolute_url())


@transaction.atomic
def confirm_entry(entry: Entry, *, by: User, answer: str = "") -> None:
    move(entry, State.CONFIRMED, by=by, answer=answer, answered_by=by, answered_at=clock.now())
    message = gettext_noop("Your journal entry was confirmed.")
    _tell(entry.internship, message, _student(entry.internship), entry.get_absolute_url())


@transaction.atomic
def return_entry(entry: Entry, *, by: User, why: str) -> None:
    """Give it back to be written again."""
    facts = {"answer": why, "answered_by": by, "answered_at": clock.now()}
    move(entry, State.RETURNED, by=by, why=why, **facts)
    message = gettext_noop("Your journal entry was returned: %(why)s")
    _tell(entry.internship, message, _student(entry.internship), entry.get_absolute_url(), why=why)


@transaction.atomic
def note_guidance(guidance: Guidance, *, by: User) -> None:
    """Keep a visit, or hours of guidance."""
    guidance.by = by
    guidance.save()
    action, facts = gettext_noop("Visit noted"), {"hours": str(guidance.hours)}
    record(guidance.internship, action, by=by, **facts)


@transaction.atomic
def report_incident(incident: Incident, *, by: User) -> None:
    """Keep it and tell school, unit and mentors at once."""
    incident.by = by
    incident.save()
    severity = incident.severity
    record(incident, gettext_noop("Incident reported"), by=by, severity=severity)
    internship = incident.internship
    people = [*people_of(internship.student.school), *people_of(internship.unit)]
    people += _mentors(internship)
    message = gettext_noop("An incident was reported in the internship of %(student)s.")
    _tell(internship, message, [p for p in people if p != by], _url(internship, "incidents"))


@transaction.atomic
def close_incident(incident: Incident, *, by: User, follow_up: str) -> None:
    """Say what followed."""
    still = Incident.objects.filter(pk=incident.pk, closed_at=None)
    if not still.update(follow_up=follow_up, closed_at=clock.now()):
        raise IllegalMove(f"{incident} is closed already")
    record(incident, gettext_noop("Incident closed"), by=by, follow_up=follow_up)


@transaction.atomic
def enter_payment(payment: Payment, *, by: User) -> None:
    """Keep what was paid; a changed amount must be confirmed again."""
    payment.by, payment.confirmed_at, payment.disputed = by, None, ""
    payment.save()
    month = f"{payment.month:%Y-%m}"
    action = gettext_noop("Payment entered")
    record(payment.internship, action, by=by, month=month, amount=str(payment.amount))
    message = gettext_noop("Has the pay for %(month)s come? Please confirm.")
    url = _url(payment.internship, "pay")
    _tell(payment.internship, message, _student(payment.internship), url, month=month)


@transaction.atomic
def confirm_payment(payment: Payment, *, by: User) -> None:
    Payment.objects.filter(pk=payment.pk).update(confirmed_at=clock.now(), disputed="")
    record(payment.internship, gettext_noop("Payment confirmed"), by=by, month=str(payment.month))


@transaction.atomic
def dispute_payment(payment: Payment, *, by: User, why: str) -> None:
    """The student says that the money did not come, or not all of it."""
    Payment.objects.filter(pk=payment.pk, confirmed_at=None).update(disputed=why[:300])
    action = gettext_noop("Payment disputed")
    record(payment.internship, action, by=by, month=str(payment.month), why=why)
    internship = payment.internship
    people = [*people_of(internship.student.school), *_mentors(internship)]
    message = gettext_noop("%(student)s objects to a payment: %(why)s")
    _tell(internship, message, people, _url(internship, "pay"), why=why)


def _mentors(internship: Internship) -> list[User]:
    return [m for m in (internship.school_mentor, internship.unit_mentor) if m]


def _student(internship: Internship) -> list[User]:
    return [internship.student.user] if internship.student.user else []


def _url(internship: Internship, part: str) -> str:
    return f"{internship.get_absolute_url()}{part}/"


def _tell(
    internship: Internship, message: str, people: Iterable[User], url: str, **params: Any
) -> None:
    tell(internship, message, people, url, **params)
