from datetime import timedelta
from itertools import count
from typing import Any

from silian.education.sittings import services
from silian.education.sittings.models import Candidate, Exam, Form, Room
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.persons.tests.factories import make_person

numbers = count(1)


def text(words: str) -> dict[str, str]:
    return {"zh": words, "en": ""}


def choices(*letters: str) -> list[dict[str, str]]:
    return [{"id": letter, **text(f"选项{letter}")} for letter in letters]


def content() -> dict[str, Any]:
    """A paper with an item of each kind; the last is a case of two."""
    bare: list[dict[str, Any]] = [
        {"kind": "single", "text": text("单选"), "choices": choices("a", "b", "c")},
        {"kind": "multiple", "text": text("多选"), "choices": choices("a", "b", "c")},
        {"kind": "truefalse", "text": text("判断")},
        {"kind": "blank", "text": text("填空"), "blanks": 2},
        {"kind": "order", "text": text("排序"), "choices": choices("a", "b", "c")},
        {
            "kind": "match",
            "text": text("匹配"),
            "choices": choices("a", "b"),
            "targets": [{"id": "1", **text("目标1")}, {"id": "2", **text("目标2")}],
        },
        {"kind": "number", "text": text("计算"), "unit": "mm"},
        {"kind": "short", "text": text("简答")},
        {"kind": "essay", "text": text("论述")},
        {
            "kind": "case",
            "text": text("案例"),
            "parts": [
                {"kind": "single", "text": text("问题一"), "choices": choices("a", "b")},
                {"kind": "essay", "text": text("问题二")},
            ],
        },
    ]
    items = [
        {"key": str(n), "line": n, "version": n, "points": "10", "content": one}
        for n, one in enumerate(bare, start=1)
    ]
    return {"mixed": False, "sections": [{"id": 1, "title": text("第一部分"), "items": items}]}


def make_exam(consortium: Consortium | None = None, **fields: Any) -> Exam:
    """An exam that opened ten minutes ago and gives an hour, with one form."""
    consortium = consortium or make_consortium()
    now = clock.now()
    facts: dict[str, Any] = {
        "title_zh": f"理论考试{next(numbers)}",
        "opens_at": now - timedelta(minutes=10),
        "closes_at": now + timedelta(hours=2),
        "minutes": 60,
    }
    if "organiser" not in fields:
        facts["organiser"] = make_organisation(Organisation.Kind.COLLEGE)
        make_membership(consortium, facts["organiser"])
    exam = Exam.objects.create(consortium=consortium, **(facts | fields))
    Form.objects.create(exam=exam, content=content(), keys={"1": "a"})
    return exam


def make_room(exam: Exam, *, invigilator: User | None = None, **fields: Any) -> Room:
    facts: dict[str, Any] = {"name": f"考场{next(numbers)}", "seats": 30}
    room = Room.objects.create(exam=exam, **(facts | fields))
    if invigilator:
        room.invigilators.add(invigilator)
    return room


def make_candidate(room: Room, *, admitted: bool = True, **fields: Any) -> Candidate:
    exam, number = room.exam, next(numbers)
    facts: dict[str, Any] = {
        "number": f"2026{number:010d}",
        "code": services.new_code(),
        "form": exam.forms.first(),
        "room": room,
        "seat": room.candidates.count() + 1,
        "admitted_at": clock.now() if admitted else None,
    }
    if "person" not in fields:
        facts["person"] = make_person(user=None)
    return Candidate.objects.create(exam=exam, **(facts | fields))


def announced(exam: Exam) -> Exam:
    """As if the office had announced it."""
    Exam.objects.filter(pk=exam.pk).update(state=Exam.State.ANNOUNCED)
    exam.refresh_from_db()
    return exam


def make_running_candidate(**fields: Any) -> Candidate:
    """Somebody admitted to an exam that is going on."""
    exam = make_exam(**fields)
    candidate = make_candidate(make_room(exam))
    announced(exam)
    return candidate
