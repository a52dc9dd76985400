"""Preparing an exam. Each function is one thing somebody does."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from itertools import cycle
from random import Random
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Right
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.papers.forming import frozen_form, key_of
from silian.education.papers.models import Paper
from silian.education.sittings.models import Candidate, Exam, Form, Room
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.persons.models import Person
from silian.kernel.persons.services import people_named
from silian.kernel.states import hold, move

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
RUNNING = 5  # last digits of a ticket's number; those before change with the day
BATCH = 2000


@transaction.atomic
def save_exam(exam: Exam, *, by: User) -> Exam:
    new = exam.pk is None
    if not new:
        hold(exam)
    exam.save()
    record(exam, gettext_noop("Exam set up") if new else gettext_noop("Exam changed"), by=by)
    return exam


@transaction.atomic
def take_paper(exam: Exam, paper: Paper, *, by: User) -> None:
    """Copy the forms of an approved paper; whatever becomes of its items, these are sat."""
    exam.candidates.update(form=None)
    exam.forms.all().delete()
    for form in paper.forms.all():
        content, keys = _numbered(frozen_form(form), key_of(form))
        Form.objects.create(exam=exam, letter=form.letter, content=content, keys=keys)
    exam.paper = paper
    exam.save(update_fields=["paper"])
    record(exam, gettext_noop("Paper taken into the exam"), by=by, paper=str(paper))


def _numbered(content: dict[str, Any], scored: Mapping[int, Any]) -> tuple[Any, Any]:
    """Give each item the key under which it is answered: its place in the form as it was set."""
    keys = {}
    items = [item for section in content["sections"] for item in section["items"]]
    for number, item in enumerate(items, start=1):
        item["key"] = str(number)
        line = scored[item["line"]]
        keys[item["key"]] = {
            "version": line["version"],
            "key": line["key"],
            "points": str(line["points"]),
            "rule": line["rule"],
        }
    return content, keys


@transaction.atomic
def save_room(room: Room, *, invigilators: Iterable[User], by: User) -> Room:
    room.save()
    room.invigilators.set(invigilators)
    record(room.exam, gettext_noop("Room of the exam set"), by=by, room=room.name)
    return room


@transaction.atomic
def remove_room(room: Room, *, by: User) -> None:
    """Its candidates need a seat elsewhere."""
    room.candidates.update(room=None, seat=None)
    record(room.exam, gettext_noop("Room of the exam removed"), by=by, room=room.name)
    room.delete()


@transaction.atomic
def enter_candidates(
    exam: Exam,
    rows: Sequence[Mapping[str, Any]],
    *,
    by: User,
    organisation: Organisation | None = None,
) -> int:
    """Enter people by name and identity number; who is entered already stays as they are."""
    Exam.objects.select_for_update().get(pk=exam.pk)
    among = Person.objects.filter(exam_candidacies__exam=exam)
    named = [(row["name"], row["id_number"]) for row in rows]
    entered = [(person, organisation) for person in people_named(named, among=among)]
    return enter_people(exam, entered, by=by)


@transaction.atomic
def enter_people(
    exam: Exam, people: Iterable[tuple[Person, Organisation | None]], *, by: User
) -> int:
    """Enter people, each for an organisation; who is entered already stays as they are."""
    Exam.objects.select_for_update().get(pk=exam.pk)
    there = set(exam.candidates.values_list("person", flat=True))
    fresh = {person: side for person, side in people if person.pk not in there}
    last = exam.candidates.aggregate(last=Max(Right("number", RUNNING)))["last"]
    first = int(last or 0) + 1
    Candidate.objects.bulk_create(
        [
            Candidate(
                exam=exam,
                person=person,
                organisation=side,
                number=f"{exam.opens_at:%Y%m%d}{exam.pk:05d}{number:0{RUNNING}d}",
                code=new_code(),
            )
            for number, (person, side) in enumerate(fresh.items(), start=first)
        ],
        batch_size=BATCH,
    )
    record(exam, gettext_noop("Exam candidates entered"), by=by, count=len(fresh))
    return len(fresh)


def new_code() -> str:
    """What opens the paper together with the ticket's number: 39 random bits."""
    return "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))


@transaction.atomic
def remove_candidate(candidate: Candidate, *, by: User) -> None:
    record(candidate.exam, gettext_noop("Exam candidate removed"), by=by, number=candidate.number)
    candidate.delete()


@transaction.atomic
def seat_candidates(exam: Exam, *, by: User, seed: int) -> int:
    """Draw a seat for everybody, neighbours on different forms where there are several.

    The seed is written into the record, so that the draw can be repeated.
    """
    candidates = list(exam.candidates.select_for_update().order_by("number"))
    places = [(room, seat) for room in exam.rooms.all() for seat in range(1, room.seats + 1)]
    if len(candidates) > len(places):
        words = {"seats": len(places), "people": len(candidates)}
        raise ValidationError(
            _("%(seats)s seats do not suffice for %(people)s candidates.") % words
        )
    exam.candidates.update(room=None, seat=None)
    Random(seed).shuffle(candidates)  # noqa: S311  to be repeated, not kept secret
    forms = cycle(exam.forms.all() or [None])
    for candidate, (room, seat), form in zip(candidates, places, forms, strict=False):
        candidate.room, candidate.seat, candidate.form = room, seat, form
    Candidate.objects.bulk_update(candidates, ["room", "seat", "form"], batch_size=BATCH)
    record(exam, gettext_noop("Seats drawn"), by=by, count=len(candidates), seed=seed)
    return len(candidates)


@transaction.atomic
def announce_exam(exam: Exam, *, by: User) -> None:
    """Rooms, seats and papers are settled; candidates with an account and invigilators are told."""
    unset = exam.candidates.filter(form=None)
    for candidate, form in zip(unset, cycle(exam.forms.all()), strict=False):
        candidate.form = form
        candidate.save(update_fields=["form"])
    move(exam, Exam.State.ANNOUNCED, by=by)
    _tell(exam, gettext_noop("You are to sit “%(exam)s”. Your ticket is ready."), _candidates(exam))
    watching = User.objects.filter(pk__in=exam.rooms.values("invigilators"))
    _tell(exam, gettext_noop("You watch over a room of “%(exam)s”."), watching)


@transaction.atomic
def cancel_exam(exam: Exam, *, by: User, reason: str) -> None:
    announced = exam.state == Exam.State.ANNOUNCED
    move(exam, Exam.State.CANCELLED, by=by, why=reason)
    if announced:
        _tell(exam, gettext_noop("“%(exam)s” is cancelled."), _candidates(exam))


@transaction.atomic
def close_exam(exam: Exam, *, by: User | None) -> None:
    move(exam, Exam.State.CLOSED, by=by)


def _candidates(exam: Exam) -> Iterable[User]:
    return User.objects.filter(person__exam_candidacies__exam=exam)


def _tell(exam: Exam, message: str, people: Iterable[User]) -> None:
    notify(people, message, url=reverse("sittings:mine"), exam=both(exam, "title"))
