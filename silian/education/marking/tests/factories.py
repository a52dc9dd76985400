"""Exams that are over, with papers as they were answered."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from silian.education.answering.models import Attempt, Line, Opening
from silian.education.marking import scoring, services
from silian.education.marking.models import Marker, Marking, Question
from silian.education.sittings.models import Candidate, Exam, Form
from silian.education.sittings.tests.factories import (
    choices,
    make_candidate,
    make_exam,
    make_room,
    text,
)
from silian.governance.members.tests.factories import make_staff
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user

numbers = count(1)
HOURS = timedelta(hours=3)
UNKNOWN = 900_000_001  # the first of versions that no bank has
# What is asked: a choice, several choices, an essay, a case of a choice and a question for people.
ITEMS: list[tuple[dict[str, Any], Any, str]] = [
    ({"kind": "single", "text": text("单选"), "choices": choices("a", "b", "c")}, "a", "2"),
    (
        {"kind": "multiple", "text": text("多选"), "choices": choices("a", "b", "c")},
        ["a", "b"],
        "4",
    ),
    ({"kind": "essay", "text": text("论述安全操作规程")}, None, "10"),
    (
        {
            "kind": "case",
            "text": text("一台机床主轴异响。"),
            "parts": [
                {"kind": "single", "text": text("先查什么"), "choices": choices("a", "b")},
                {"kind": "short", "text": text("说明理由")},
            ],
        },
        ["b", []],
        "4",
    ),
]
RIGHT = {"1": "a", "2": ["a", "b"], "4.1": "b"}  # 8 points without those that people give


def make_form(exam: Exam, letter: str = "A", version: int = UNKNOWN) -> Form:
    """A form of the items above. Nobody knows its versions: the bank may be gone."""
    items, keys = [], {}
    for n, (content, key, points) in enumerate(ITEMS):
        facts = {"version": version + n, "points": points}
        items.append({"key": str(n + 1), "line": n + 1, "content": content, **facts})
        keys[str(n + 1)] = {"key": key, "rule": "all", **facts}
    sections = [{"id": 1, "title": text("第一部分"), "items": items}]
    content = {"mixed": False, "sections": sections}
    return Form.objects.create(exam=exam, letter=letter, content=content, keys=keys)


def make_sat_exam(
    papers: Sequence[Mapping[str, Any]], *, version: int = UNKNOWN, **fields: Any
) -> Exam:
    """An exam that is over; each of ``papers`` is what one candidate answered, by item."""
    opened = clock.now() - 2 * HOURS
    exam = make_exam(opens_at=opened, closes_at=opened + HOURS, **fields)
    exam.forms.all().delete()
    make_form(exam, version=version)
    room = make_room(exam, seats=len(papers) + 1)
    for paper in papers:
        answer(make_candidate(room), paper)
    Exam.objects.filter(pk=exam.pk).update(state=Exam.State.CLOSED)
    exam.refresh_from_db()
    return exam


def answer(candidate: Candidate, paper: Mapping[str, Any]) -> Attempt:
    """Begun when it opened, answered at once, handed in after half an hour."""
    begun = candidate.exam.opens_at
    attempt = Attempt.objects.create(
        candidate=candidate,
        started_at=begun,
        ends_at=begun + timedelta(hours=1),
        seen_at=begun,
        openings=1,
        ended_at=begun + timedelta(minutes=30),
        end=Attempt.End.SELF,
    )
    Opening.objects.create(attempt=attempt, number=1, device="device", at=begun)
    at = begun + timedelta(minutes=5)
    Line.objects.bulk_create(
        [
            Line(
                attempt=attempt,
                opening=1,
                number=n,
                item=item,
                response=response,
                said_at=at,
                received_at=at,
            )
            for n, (item, response) in enumerate(paper.items(), start=1)
        ]
    )
    return attempt


def make_marking(papers: Sequence[Mapping[str, Any]] = (), **fields: Any) -> Marking:
    """Scored, and open for people."""
    answered = papers or [{**RIGHT, "3": "先断电。", "4.2": "轴承磨损。"}]
    return make_marking_of(make_sat_exam(answered, **fields))


def make_marking_of(exam: Exam) -> Marking:
    marking = services.begin_marking(exam, by=None)
    scoring.score_papers(marking, progress=lambda done, total: None)
    services.open_marking(marking, by=None)
    return marking


def make_marker(marking: Marking, user: User | None = None, *questions: Question) -> Marker:
    office = make_staff(marking.exam.organiser)
    return services.appoint(marking, user or make_user(), questions=questions, by=office)


def question(marking: Marking, item: str, letter: str = "A") -> Question:
    return marking.questions.get(item=item, form__letter=letter)
