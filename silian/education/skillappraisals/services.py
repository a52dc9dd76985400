"""Announcing an appraisal, entering people, checking entries. Each is one thing somebody does."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.practicals.models import Practical
from silian.education.practicals.services import enter
from silian.education.schemes.levels import PartKind
from silian.education.schemes.terms import terms_for
from silian.education.sittings.models import Exam
from silian.education.sittings.services import enter_people
from silian.education.skillappraisals import policy
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.education.skillappraisals.people import live, people_named
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.files import services as files
from silian.kernel.notices.services import notify
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person
from silian.kernel.persons.services import person_of
from silian.kernel.states import hold, move

State = Appraisal.State
DIGITS = 6  # of a number, drawn


@dataclass(frozen=True)
class Said:
    """What a candidate says of themselves, and shows."""

    grounds: str = ""
    papers: Sequence[Any] = field(default_factory=tuple)  # uploads


@transaction.atomic
def save_appraisal(appraisal: Appraisal, *, by: User) -> Appraisal:
    new = appraisal.pk is None
    if not new:
        hold(appraisal)
    appraisal.save()
    action = gettext_noop("Appraisal set up") if new else gettext_noop("Appraisal changed")
    record(appraisal, action, by=by)
    return appraisal


@transaction.atomic
def open_entries(appraisal: Appraisal, *, by: User) -> None:
    """Announce it. The rule is copied: what is set later changes nothing here."""
    terms = terms_for(
        appraisal.consortium, appraisal.organiser, appraisal.occupation, appraisal.level
    )
    move(appraisal, State.OPEN, by=by, terms=terms)


@transaction.atomic
def begin(appraisal: Appraisal, *, by: User) -> None:
    """Entries are closed; candidates know that they are in."""
    move(appraisal, State.UNDER_WAY, by=by)
    accepted = appraisal.entries.filter(state=Entry.State.ACCEPTED).values("person")
    people = User.objects.filter(person__in=accepted, is_active=True)
    tell(appraisal, people, gettext_noop("“%(appraisal)s” is under way. See when your exams are."))


@transaction.atomic
def reopen(appraisal: Appraisal, *, by: User) -> None:
    """Entries were closed too early. The rule stays as it was announced."""
    move(appraisal, State.OPEN, by=by)


@transaction.atomic
def cancel(appraisal: Appraisal, *, reason: str, by: User) -> None:
    move(appraisal, State.CANCELLED, by=by, why=reason)
    people = User.objects.filter(person__in=live(appraisal).values("person"), is_active=True)
    tell(appraisal, people, gettext_noop("“%(appraisal)s” is cancelled."))


# --- entries ----------------------------------------------------------------------------
@transaction.atomic
def enter_self(appraisal: Appraisal, said: Said, *, number: str = "", by: User) -> Entry:
    """The identity number is kept if none was known."""
    person = person_of(by)
    if number and not person.id_sealed:
        identity.set_number(person, number, in_doubt=bool(identity.holder_of(number)))
        person.save()
    hold_places(appraisal, 1)
    if not (verdict := policy.may_enter(by, appraisal)):
        raise ValidationError(verdict.reason)
    entry = _entries(appraisal, [person], None, by)[0]
    entry.grounds = said.grounds
    entry.save()
    keep_papers(entry, said.papers, by=by)
    record(entry, gettext_noop("Entered for an appraisal"), by=by)
    return entry


@transaction.atomic
def enter_many(
    appraisal: Appraisal,
    organisation: Organisation | None,
    rows: Sequence[Mapping[str, Any]],
    *,
    by: User,
) -> int:
    """People of a firm, or of nobody where the office enters them."""
    hold_places(appraisal, len(rows))
    people = people_named(appraisal, organisation, [(row["name"], row["number"]) for row in rows])
    entries = _entries(appraisal, people, organisation, by)
    for entry, row in zip(entries, rows, strict=True):
        entry.grounds = row.get("grounds") or ""
    Entry.objects.bulk_create(entries, batch_size=500)
    told = {"organisation": str(organisation) if organisation else "", "count": len(entries)}
    record(appraisal, gettext_noop("People entered for an appraisal"), by=by, **told)
    accounts = User.objects.filter(is_active=True, person__in=people)
    tell(appraisal, accounts, gettext_noop("You were entered for “%(appraisal)s”."))
    return len(entries)


def hold_places(appraisal: Appraisal, wanted: int) -> None:
    """Hold the appraisal's row until the transaction ends: two at once take turns."""
    held = Appraisal.objects.select_for_update().get(pk=appraisal.pk)
    if held.state != State.OPEN:
        raise ValidationError(_("Entries are not open."))
    if held.places is not None and live(held).count() + wanted > held.places:
        raise ValidationError(_("There are not that many places left."))


def _entries(
    appraisal: Appraisal, people: Sequence[Person], organisation: Organisation | None, by: User
) -> list[Entry]:
    """Not saved. Numbers are drawn, not counted: who knows one does not know the next."""
    taken = set(appraisal.entries.values_list("number", flat=True))
    made = []
    for person in people:
        while (number := _draw(appraisal)) in taken:
            continue
        taken.add(number)
        facts = {"person": person, "organisation": organisation, "number": number, "by": by}
        made.append(Entry(appraisal=appraisal, **facts))
    return made


def _draw(appraisal: Appraisal) -> str:
    drawn = secrets.randbelow(10**DIGITS)
    return f"{appraisal.exam_on:%Y}{appraisal.pk:05d}{drawn:0{DIGITS}d}"


def keep_papers(entry: Entry, uploads: Iterable[Any], *, by: User) -> None:
    for upload in uploads:
        entry.papers.add(files.store(upload, by=by))


@transaction.atomic
def mend_entry(entry: Entry, said: Said, *, by: User) -> None:
    """Say it better, and hand it in again."""
    keep_papers(entry, said.papers, by=by)
    if entry.state == Entry.State.RETURNED:
        move(entry, Entry.State.SUBMITTED, by=by, grounds=said.grounds, reason="")
        return
    entry.grounds = said.grounds
    entry.save(update_fields=["grounds"])
    record(entry, gettext_noop("Entry for the appraisal changed"), by=by)


@transaction.atomic
def withdraw(entry: Entry, *, by: User) -> None:
    move(entry, Entry.State.WITHDRAWN, by=by)


@transaction.atomic
def accept(entry: Entry, *, by: User) -> None:
    move(entry, Entry.State.ACCEPTED, by=by, reason="")
    message = gettext_noop("Your entry for “%(appraisal)s” was accepted.")
    tell(entry.appraisal, policy.people_for(entry), message)


@transaction.atomic
def accept_all(appraisal: Appraisal, *, by: User) -> int:
    """Everybody who waits, except whoever presses the button."""
    waiting = appraisal.entries.filter(state=Entry.State.SUBMITTED).exclude(person__user=by)
    for entry in (rows := list(waiting.select_related("appraisal", "person"))):
        accept(entry, by=by)
    return len(rows)


@transaction.atomic
def return_entry(entry: Entry, *, reason: str, by: User) -> None:
    move(entry, Entry.State.RETURNED, by=by, why=reason, reason=reason)
    message = gettext_noop("Your entry for “%(appraisal)s” was returned: %(reason)s")
    tell(entry.appraisal, policy.people_for(entry), message, reason=reason)


# --- exams ------------------------------------------------------------------------------
@transaction.atomic
def link_exams(
    appraisal: Appraisal, *, exam: Exam | None, practical: Practical | None, by: User
) -> None:
    Appraisal.objects.filter(pk=appraisal.pk).update(exam=exam, practical=practical)
    appraisal.refresh_from_db()
    words = {"exam": str(exam or ""), "practical": str(practical or "")}
    record(appraisal, gettext_noop("Exams of the appraisal chosen"), by=by, **words)


@transaction.atomic
def enter_into_exams(appraisal: Appraisal, *, by: User) -> int:
    """Everybody accepted into the exams that are linked, without who is exempt; how many anew."""
    done = 0
    if appraisal.exam and appraisal.exam.state == Exam.State.DRAFT:
        people = _takers(appraisal, PartKind.THEORY)
        done += enter_people(appraisal.exam, people, by=by)
    practical = appraisal.practical
    if practical and practical.state == Practical.State.DRAFT:
        done += enter(practical, _takers(appraisal, PartKind.PRACTICAL), by=by)
    return done


def _takers(appraisal: Appraisal, part: str) -> list[tuple[Person, Organisation | None]]:
    rows = appraisal.entries.filter(state=Entry.State.ACCEPTED).exclude(exemptions__part=part)
    return [(one.person, one.organisation) for one in rows.select_related("person", "organisation")]


def tell(
    appraisal: Appraisal, people: Iterable[User], message: str, *, url: str = "", **words: Any
) -> None:
    """The notice leads to the appraisal unless to ``url``."""
    address = url or appraisal.get_absolute_url()
    notify(people, message, url=address, appraisal=both(appraisal, "title"), **words)
