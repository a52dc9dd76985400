"""What candidates and invigilators do during an exam. Each function is one thing somebody does."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop

from silian.education.answering.models import Admission, Attempt, Incident, Opening
from silian.education.answering.policy import attempt_of, may_open
from silian.education.sittings.models import Candidate, Exam, Room
from silian.education.sittings.services import close_exam
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.verdicts import Verdict

End = Attempt.End


class Missing(Exception):
    """Lines that the device counts as written have not arrived; ``numbers`` says which."""

    def __init__(self, numbers: Iterable[int]) -> None:
        super().__init__()
        self.numbers = list(numbers)


# --- the candidate ----------------------------------------------------------------------


@transaction.atomic
def open_paper(key: int, *, device: str, code: str = "") -> Opening | Verdict:
    """Begin, or go on after a reload or on another device; the verdict where that may not be.

    ``key`` is the candidate's. Two thousand begin within a minute: what is read here is read once.
    """
    rows = Candidate.objects.select_for_update(of=("self",)).select_related("exam", "room")
    candidate = rows.get(pk=key)
    attempt = attempt_of(candidate)  # read under the lock
    verdict = may_open(candidate, attempt, device=device, code=code)
    if not verdict:
        return verdict
    now = clock.now()
    if attempt is None:
        facts = {"started_at": now, "ends_at": candidate.ends_at(now), "seen_at": now}
        attempt = Attempt(candidate=candidate, openings=1, **facts)
        attempt.save()
    else:
        last = attempt.opened.last()
        if last and last.device != device:
            attempt.device_code = ""  # used up
        attempt.openings += 1
        attempt.save(update_fields=["openings", "device_code"])
    return Opening.objects.create(attempt=attempt, number=attempt.openings, device=device, at=now)


@transaction.atomic
def hand_in(key: int, *, opening: int, device: str, written: int) -> Attempt:
    """The candidate of ``key`` is done. Raises Missing until all that they wrote has arrived."""
    rows = Attempt.objects.select_for_update(of=("self",)).filter(
        candidate=key, opened__number=opening, opened__device=device
    )
    attempt = rows.get()
    if attempt.end:
        return attempt
    there = set(attempt.lines.filter(opening=opening).values_list("number", flat=True))
    if missing := [number for number in range(1, written + 1) if number not in there]:
        raise Missing(missing)
    _end(attempt, End.SELF, at=clock.now())
    return attempt


def _end(attempt: Attempt, end: str, *, at: datetime) -> None:
    attempt.end, attempt.ended_at = end, at
    attempt.save(update_fields=["end", "ended_at"])


# --- the invigilator --------------------------------------------------------------------


@transaction.atomic
def admit(candidate: Candidate, *, by: User) -> None:
    """The identity was checked against card and ticket."""
    if Candidate.objects.filter(pk=candidate.pk, admitted_at=None).update(admitted_at=clock.now()):
        record(candidate, gettext_noop("Identity checked"), by=by)


@transaction.atomic
def allow_device(attempt: Attempt, *, by: User) -> str:
    """A code with which one other device may open the paper, once."""
    attempt.device_code = f"{secrets.randbelow(1_000_000):06d}"
    attempt.save(update_fields=["device_code"])
    record(attempt.candidate, gettext_noop("Another device allowed"), by=by)
    return attempt.device_code


@transaction.atomic
def add_minutes(to: Candidate | Room, minutes: int, *, reason: str, by: User) -> None:
    """Give time to one candidate or to a room; whose time had run out goes on."""
    type(to)._base_manager.select_for_update().get(pk=to.pk)
    to.refresh_from_db()
    to.extra_minutes += minutes
    to.save(update_fields=["extra_minutes"])
    mine = {"candidate": to} if isinstance(to, Candidate) else {"candidate__room": to}
    rows = Attempt.objects.select_for_update(of=("self",)).filter(**mine)
    now = clock.now()
    for attempt in rows.select_related("candidate__room", "candidate__exam"):
        attempt.ends_at = attempt.candidate.ends_at(attempt.started_at)
        if attempt.end == End.TIME and attempt.ends_at > now:
            attempt.end, attempt.ended_at = "", None
        attempt.save(update_fields=["ends_at", "end", "ended_at"])
    subject = to if isinstance(to, Candidate) else to.exam
    room = {} if isinstance(to, Candidate) else {"room": to.name}
    record(subject, gettext_noop("Time added"), by=by, minutes=minutes, reason=reason, **room)


@transaction.atomic
def take_in(attempt: Attempt, *, reason: str, by: User) -> None:
    """End it for the candidate. What their device still has may come within the grace."""
    held = Attempt.objects.select_for_update().get(pk=attempt.pk)
    if not held.end:
        _end(held, End.FORCED, at=clock.now())
        record(attempt.candidate, gettext_noop("Paper taken in"), by=by, reason=reason)


@transaction.atomic
def note_incident(incident: Incident, *, by: User) -> Incident:
    incident.by, incident.at = by, clock.now()
    incident.save()
    subject = incident.candidate or incident.room.exam
    record(subject, gettext_noop("Incident noted"), by=by, kind=incident.kind, note=incident.note)
    return incident


@transaction.atomic
def admit_late(attempt: Attempt, *, reason: str, by: User) -> Admission:
    """Decide that what came too late so far counts."""
    until = attempt.lines.aggregate(last=Max("received_at"))["last"] or clock.now()
    facts: dict[str, Any] = {"reason": reason, "by": by, "at": clock.now()}
    admission, _new = Admission.objects.update_or_create(
        attempt=attempt, defaults=facts | {"received_until": until}
    )
    record(attempt.candidate, gettext_noop("Late answers admitted"), by=by, reason=reason)
    return admission


# --- by itself --------------------------------------------------------------------------


@transaction.atomic
def end_overdue() -> int:
    """Whose time is up has ended, whether or not their device is there to say so."""
    now = clock.now()
    rows = Attempt.objects.select_for_update(skip_locked=True).filter(end="", ends_at__lte=now)
    overdue = list(rows)
    for attempt in overdue:
        _end(attempt, End.TIME, at=attempt.ends_at)
    return len(overdue)


def close_finished() -> None:
    """An exam is over once nobody has time left and nothing more can arrive."""
    now = clock.now()
    for exam in Exam.objects.filter(state=Exam.State.ANNOUNCED, closes_at__lte=now):
        latest = Attempt.objects.filter(candidate__exam=exam).aggregate(at=Max("ends_at"))["at"]
        if (latest or exam.closes_at) + exam.grace <= now:
            close_exam(exam, by=None)
