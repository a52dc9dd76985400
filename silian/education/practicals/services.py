"""Preparing a practical exam. Each function is one thing somebody does."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, ProtectedError
from django.db.models.functions import Right
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.examiners.models import Examiner
from silian.education.practicals.models import (
    Criterion,
    Entrant,
    Panellist,
    Practical,
    Station,
    Turn,
)
from silian.education.practicals.readiness import missing
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.persons.models import Person
from silian.kernel.persons.services import people_named
from silian.kernel.states import IllegalMove, hold, move

BATCH = 2000
RUNNING = 4  # last digits of a ticket's number; those before change with the day
TIMES = "begins_at changeover pauses_at resumes_at ends_by".split()  # what the plan rests on
PLACES = "desks minutes".split()
RUBRIC = "kind name_zh name_en points critical photo unit nominal below above".split()
STATION = "order name_zh name_en task_zh task_en place desks minutes weight".split()


@transaction.atomic
def save_practical(practical: Practical, *, by: User) -> Practical:
    new = practical.pk is None
    if not new:
        hold_draft(practical)
        if _changed(practical, TIMES):
            unplan(practical)
    practical.save()
    text = gettext_noop("Practical exam set up") if new else gettext_noop("Practical exam changed")
    record(practical, text, by=by)
    return practical


def hold_draft(practical: Practical) -> None:
    """Nobody announces it meanwhile; who was slower than an announcement is told so."""
    hold(practical)
    if practical.state != Practical.State.DRAFT:
        raise IllegalMove(f"{practical}: announced")


def _changed(row: Any, names: Sequence[str]) -> bool:
    was = type(row)._base_manager.filter(pk=row.pk).values(*names).first()
    return was is not None and any(was[name] != getattr(row, name) for name in names)


def unplan(practical: Practical) -> None:
    """The turns no longer fit what is prepared; they are to be drawn up again."""
    Turn.objects.filter(entrant__practical=practical).delete()


# --- stations ---------------------------------------------------------------------------


@transaction.atomic
def save_station(station: Station, *, by: User) -> Station:
    if station.pk is None:
        Practical.objects.select_for_update().get(pk=station.practical_id)
        station.order = next_place(station.practical.stations)
    if station.pk is None or _changed(station, PLACES):
        unplan(station.practical)
    station.save()
    record(station.practical, gettext_noop("Station set"), by=by, station=station.name_zh)
    return station


def next_place(rows: Any) -> int:
    """After all that have an order."""
    return (rows.aggregate(last=Max("order"))["last"] or 0) + 1


@transaction.atomic
def remove_station(station: Station, *, by: User) -> None:
    unplan(station.practical)
    record(station.practical, gettext_noop("Station removed"), by=by, station=station.name_zh)
    station.delete()


@transaction.atomic
def copy_stations(practical: Practical, source: Practical, *, by: User) -> int:
    """Stations and criteria as they are there, instead of those here; not the examiners."""
    unplan(practical)
    practical.stations.all().delete()
    for station in source.stations.prefetch_related("criteria"):
        copy = Station.objects.create(
            practical=practical, **{name: getattr(station, name) for name in STATION}
        )
        Criterion.objects.bulk_create(
            Criterion(
                station=copy,
                order=one.order,
                **{name: getattr(one, name) for name in RUBRIC},
            )
            for one in station.criteria.all()
        )
    text = gettext_noop("Stations copied from an earlier exam")
    record(practical, text, by=by, source=source.title_zh)
    return practical.stations.count()


# --- examiners --------------------------------------------------------------------------


@transaction.atomic
def set_panel(
    station: Station, examiners: Iterable[Examiner], *, chief: Examiner | None, by: User
) -> None:
    """Who judges at a station.

    In an exam that is announced nothing may be missing afterwards (ValidationError), and whoever is
    new is told.
    """
    wanted = {one.pk: one for one in examiners}
    there = dict(station.panel.values_list("examiner", "pk"))
    try:
        station.panel.filter(examiner__in=set(there) - set(wanted)).delete()
    except ProtectedError:
        words = _("Whoever has worked at the station already stays: do without their sheets.")
        raise ValidationError(words) from None
    station.panel.filter(chief=True).update(chief=False)
    fresh = [one for key, one in wanted.items() if key not in there]
    announced = station.practical.state == Practical.State.ANNOUNCED
    since = clock.now() if announced else None
    Panellist.objects.bulk_create(
        Panellist(station=station, examiner=one, since=since) for one in fresh
    )
    if chief:
        station.panel.filter(examiner=chief).update(chief=True)
    names = "、".join(str(one) for one in wanted.values())
    text = gettext_noop("Examiners of a station set")
    record(station.practical, text, by=by, station=station.name_zh, examiners=names)
    if announced:
        if lacks := missing(station.practical):
            raise ValidationError(lacks)
        _tell_examiners(station.practical, User.objects.filter(examiner_entries__in=fresh))


# --- candidates -------------------------------------------------------------------------


@transaction.atomic
def enter(
    practical: Practical, people: Iterable[tuple[Person, Organisation | None]], *, by: User
) -> int:
    """Enter people, each for an organisation; who is entered already stays as they are."""
    hold_draft(practical)
    there = set(practical.entrants.values_list("person", flat=True))
    fresh = {person: side for person, side in people if person.pk not in there}
    if fresh:
        unplan(practical)
    last = practical.entrants.aggregate(last=Max(Right("number", RUNNING)))["last"]
    first = int(last or 0) + 1
    Entrant.objects.bulk_create(
        [
            Entrant(practical=practical, person=person, organisation=side, number=number)
            for (person, side), number in zip(
                fresh.items(), numbers(practical, first), strict=False
            )
        ],
        batch_size=BATCH,
    )
    record(practical, gettext_noop("Exam candidates entered"), by=by, count=len(fresh))
    return len(fresh)


def numbers(practical: Practical, first: int) -> Iterable[str]:
    """Ticket numbers: the day, the exam, a running number; P, as theory exams have their own."""
    stem = f"P{practical.begins_at:%y%m%d}{practical.pk:05d}"
    return (f"{stem}{number:0{RUNNING}d}" for number in range(first, 10**RUNNING))


@transaction.atomic
def enter_named(
    practical: Practical,
    rows: Sequence[Mapping[str, Any]],
    *,
    by: User,
) -> int:
    """Enter people by name and identity number, each for the organisation of its row."""
    among = Person.objects.filter(practical_entries__practical=practical)
    people = people_named([(row["name"], row["id_number"]) for row in rows], among=among)
    sides = [row.get("organisation") for row in rows]
    return enter(practical, zip(people, sides, strict=True), by=by)


@transaction.atomic
def remove_entrant(entrant: Entrant, *, by: User) -> None:
    hold_draft(entrant.practical)
    unplan(entrant.practical)
    record(entrant.practical, gettext_noop("Exam candidate removed"), by=by, number=entrant.number)
    entrant.delete()


@transaction.atomic
def admit(entrant: Entrant, *, by: User) -> None:
    """The identity was checked against card and ticket."""
    if Entrant.objects.filter(pk=entrant.pk, admitted_at=None).update(admitted_at=clock.now()):
        record(entrant, gettext_noop("Identity checked"), by=by)


# --- the exam itself --------------------------------------------------------------------


@transaction.atomic
def announce_practical(practical: Practical, *, by: User) -> None:
    """Everything is settled; candidates with an account and examiners are told."""
    move(practical, Practical.State.ANNOUNCED, by=by)
    text = gettext_noop("You are to take “%(exam)s”. Your ticket and your turns are ready.")
    _tell(practical, text, _candidates(practical))
    _tell_examiners(practical, _examiners(practical))


@transaction.atomic
def cancel_practical(practical: Practical, *, by: User, reason: str) -> None:
    announced = practical.state == Practical.State.ANNOUNCED
    move(practical, Practical.State.CANCELLED, by=by, why=reason)
    if announced:
        text = gettext_noop("“%(exam)s” is cancelled.")
        _tell(practical, text, {*_candidates(practical), *_examiners(practical)})


@transaction.atomic
def close_practical(practical: Practical, *, by: User | None) -> None:
    move(practical, Practical.State.CLOSED, by=by)


def _candidates(practical: Practical) -> Iterable[User]:
    return User.objects.filter(person__practical_entries__practical=practical)


def _examiners(practical: Practical) -> Iterable[User]:
    rows = User.objects.filter(examiner_entries__stations__station__practical=practical)
    return rows.distinct()


def _tell_examiners(practical: Practical, people: Iterable[User]) -> None:
    _tell(practical, gettext_noop("You are an examiner of “%(exam)s”."), people)


def _tell(practical: Practical, message: str, people: Iterable[User]) -> None:
    notify(people, message, url=reverse("turns:mine"), exam=both(practical, "title"))
