"""Marks as theory and practical exams leave them."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from silian.education.answering.models import Attempt
from silian.education.marking.models import Answer, Marking, Question, Sheet
from silian.education.practicals.models import Entrant, Practical, Station, Turn
from silian.education.results import services
from silian.education.results.models import Outcome
from silian.education.scoresheets.models import Correction
from silian.education.sittings.models import Exam
from silian.education.sittings.tests.factories import make_candidate, make_exam, make_room
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.education.skillappraisals.tests.factories import make_appraisal, make_entry, moved
from silian.governance.members.tests.factories import make_staff
from silian.kernel import clock

numbers = count(1)
Points = Mapping[Entry, float | None]


def mark_theory(appraisal: Appraisal, points: Points) -> Exam:
    """A theory exam of one question worth 100; who has None did not come."""
    exam = make_exam(appraisal.consortium, organiser=appraisal.organiser)
    item = {"version": 1, "key": "a", "points": "100", "rule": "all"}
    exam.forms.update(
        keys={str(n): item for n in range(1, 20)} | {"10": {**item, "key": ["a", []]}}
    )
    room = make_room(exam, seats=max(len(points), 1))
    marking = Marking.objects.create(exam=exam, seed=1)
    form = exam.forms.get()
    facts: dict[str, Any] = {"item": "1", "place": 1, "points": 100, "by_hand": False, "version": 1}
    question = Question.objects.create(marking=marking, form=form, **facts)
    for entry, got in points.items():
        candidate = make_candidate(room, person=entry.person)
        if got is not None:
            now = clock.now()
            attempt = Attempt.objects.create(
                candidate=candidate, started_at=now, ends_at=now, seen_at=now
            )
            sheet = Sheet.objects.create(marking=marking, attempt=attempt)
            Answer.objects.create(sheet=sheet, question=question, worth=100, points=got)
    signer = make_staff(appraisal.organiser)
    Marking.objects.filter(pk=marking.pk).update(state="open")
    Marking.objects.filter(pk=marking.pk).update(
        state="complete", completed_by=signer, completed_at=clock.now()
    )
    Appraisal.objects.filter(pk=appraisal.pk).update(exam=exam)
    appraisal.refresh_from_db()
    return exam


def mark_practical(appraisal: Appraisal, points: Points) -> Practical:
    """A practical exam of one station, its points as they were decided."""
    practical = Practical.objects.create(
        consortium=appraisal.consortium,
        organiser=appraisal.organiser,
        title_zh="实操",
        occupation=appraisal.occupation,
        level="4",
        begins_at=clock.now(),
    )
    station = Station.objects.create(
        practical=practical, order=1, name_zh="工位", place="车间", minutes=30, weight=100
    )
    for n, (entry, got) in enumerate(points.items()):
        entrant = Entrant.objects.create(
            practical=practical, person=entry.person, number=f"P{next(numbers):08d}"
        )
        begins = practical.begins_at + timedelta(minutes=40 * n)
        turn = Turn.objects.create(
            entrant=entrant,
            station=station,
            desk=1,
            during=DateTimeTZRange(begins, begins + timedelta(minutes=30)),
        )
        if got is not None:
            decide_turn(turn, got)
    Appraisal.objects.filter(pk=appraisal.pk).update(practical=practical)
    appraisal.refresh_from_db()
    return practical


def decide_turn(turn: Turn, points: float, *, failed: bool = False) -> None:
    by = make_staff(turn.station.practical.organiser)
    facts: dict[str, Any] = {"failed": failed, "by": by, "at": clock.now()}
    Correction.objects.create(turn=turn, points=points, reason="复核", **facts)


def turn_of(entry: Entry) -> Turn:
    return Turn.objects.get(
        entrant__person=entry.person, station__practical__appraisals__entries=entry
    )


def make_marked(points: list[tuple[float | None, float | None]], **fields: Any) -> Appraisal:
    """Drafted results of as many people, each with points in theory and practice."""
    appraisal = make_appraisal(**fields)
    entries = [make_entry(appraisal) for _pair in points]
    mark_theory(
        appraisal, dict(zip(entries, [theory for theory, _practice in points], strict=True))
    )
    mark_practical(
        appraisal, dict(zip(entries, [practice for _theory, practice in points], strict=True))
    )
    return moved(appraisal, "drafted")


def published(appraisal: Appraisal) -> list[Outcome]:
    services.publish(appraisal, by=make_staff(appraisal.organiser))
    appraisal.refresh_from_db()
    return list(Outcome.objects.filter(entry__appraisal=appraisal).order_by("entry__number"))


def days_over(appraisal: Appraisal) -> None:
    """As if the days of publicity and for appeals were behind it."""
    past = clock.today() - timedelta(days=1)
    before = past - timedelta(days=8)
    Appraisal.objects.filter(pk=appraisal.pk).update(
        public_from=before, public_until=past, appeals_until=past
    )
    appraisal.refresh_from_db()
