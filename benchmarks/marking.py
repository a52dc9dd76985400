"""Times the scoring of many papers by the job, beside the engine alone, and says the memory.

Run from the project's root:  python -m benchmarks.marking [--rows 2000]
It works in a transaction that is rolled back at the end, on the database of DATABASE_URL (or the
embedded one), and leaves nothing behind. The job reads each log, decides what counts, scores it and
writes a row an answer; the engine alone scores the same answers that lie in memory.
"""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from benchmarks.running import rolled_back, timed

ITEMS, CHANGED = 60, 3  # of a paper; and of how many the candidate thinks better
RATIO = 20  # times what the engine alone needs, at most
KINDS = ("single", "multiple", "truefalse", "number", "blank")
LETTERS = "abcd"


def question(n: int) -> tuple[dict[str, Any], Any]:
    """One item after another, of five kinds in turn."""
    kind = KINDS[n % len(KINDS)]
    content: dict[str, Any] = {"kind": kind, "text": {"zh": f"第{n}题", "en": ""}}
    content["choices"] = [{"id": letter, "zh": letter, "en": letter} for letter in LETTERS]
    keys = {"single": "b", "multiple": ["a", "c"], "truefalse": True}
    keys |= {"number": {"value": "1200", "tolerance": "1"}, "blank": [["主轴", "机床主轴"]]}
    return content, keys[kind]


def response(n: int, draw: Random) -> Any:
    kind = KINDS[n % len(KINDS)]
    given: dict[str, Callable[[], Any]] = {
        "single": lambda: draw.choice(LETTERS),
        "multiple": lambda: sorted(draw.sample(LETTERS, 2)),
        "truefalse": lambda: draw.random() < 0.5,
        "number": lambda: str(draw.randint(1195, 1205)),
        "blank": lambda: [draw.choice(["主轴", "机床 主轴", "丝杠"])],
    }
    return given[kind]()


def held_exam(papers: int) -> Any:
    """An exam that is over, with the log of everybody's answers."""
    from silian.education.answering.models import Attempt, Line  # noqa: PLC0415
    from silian.education.sittings.models import Candidate, Exam, Form  # noqa: PLC0415
    from silian.governance.consortia.models import Consortium  # noqa: PLC0415
    from silian.governance.members.models import Organisation  # noqa: PLC0415
    from silian.kernel import clock  # noqa: PLC0415
    from silian.kernel.persons.models import Person  # noqa: PLC0415

    begun, hour = clock.now() - timedelta(hours=4), timedelta(hours=1)
    body = Consortium.objects.create(slug="benchmark", kind="municipal", name_zh="测量用")
    school = Organisation.objects.create(kind="college", name_zh="测量学院")
    exam = Exam.objects.create(
        consortium=body,
        organiser=school,
        title_zh="测量",
        opens_at=begun,
        closes_at=begun + 2 * hour,
    )
    asked = [question(n) for n in range(ITEMS)]
    items = [{"key": str(n + 1), "content": content} for n, (content, _key) in enumerate(asked)]
    keys = {
        str(n + 1): {"version": n + 1, "key": key, "points": "1", "rule": "all"}
        for n, (_content, key) in enumerate(asked)
    }
    content = {"sections": [{"id": 1, "title": {"zh": "全部"}, "items": items}]}
    form = Form.objects.create(exam=exam, content=content, keys=keys)
    people = Person.objects.bulk_create(Person(name=f"考生{n}") for n in range(papers))
    candidates = Candidate.objects.bulk_create(
        Candidate(exam=exam, person=one, number=f"B{n:09d}", code="CODE", form=form)
        for n, one in enumerate(people)
    )
    attempts = Attempt.objects.bulk_create(
        Attempt(candidate=one, started_at=begun, ends_at=begun + hour, seen_at=begun)
        for one in candidates
    )
    draw = Random(7)
    for start in range(0, papers, 100):
        Line.objects.bulk_create(
            Line(
                attempt=attempt,
                opening=1,
                number=number,
                item=str(n % ITEMS + 1),
                response=response(n % ITEMS, draw),
                said_at=begun + timedelta(minutes=5),
                received_at=begun + timedelta(minutes=5),
            )
            for attempt in attempts[start : start + 100]
            for number, n in enumerate(range(ITEMS + CHANGED), start=1)
        )
    return exam


def engine_alone(exam: Any) -> int:
    """What the job scored, scored again from memory."""
    from silian.education.marking.asked import asked_in  # noqa: PLC0415
    from silian.education.marking.models import Answer  # noqa: PLC0415

    asked = asked_in(exam.forms.get())
    given = list(Answer.objects.values_list("question__item", "response", "points"))
    same, seconds = timed(
        "the engine alone",
        lambda: sum(
            asked[item].score(answer, asked[item].key) == points for item, answer, points in given
        ),
    )
    assert same == len(given), "the job scored otherwise"
    return seconds


def measure(papers: int) -> None:
    from django.db import connection  # noqa: PLC0415

    from silian.education.marking import scoring, services  # noqa: PLC0415
    from silian.education.marking.scores import theory_scores  # noqa: PLC0415
    from silian.kernel import clock  # noqa: PLC0415
    from silian.kernel.accounts.models import User  # noqa: PLC0415
    from silian.kernel.states import move  # noqa: PLC0415

    exam = held_exam(papers)
    exam.state = type(exam).State.CLOSED
    exam.save()
    marking = services.begin_marking(exam, by=None)
    print(f"{papers} papers, {ITEMS} items, {papers * (ITEMS + CHANGED)} lines in the log")
    connection.force_debug_cursor = True
    _done, seconds = timed(
        "the job", lambda: scoring.score_papers(marking, progress=lambda done, total: None)
    )
    batches = -(-papers // scoring.BATCH)
    queries = len(connection.queries)
    connection.force_debug_cursor = False
    services.open_marking(marking, by=None)
    by = User.objects.create(username="benchmark", name="benchmark")
    move(marking, "complete", by=by, completed_by=by, completed_at=clock.now())
    alone = engine_alone(exam)
    known, _seconds = timed("points of everybody", lambda: theory_scores(exam))
    assert len(known) == papers and None not in known.values()
    print(f"{papers / seconds:.0f} papers a second, {queries / batches:.0f} queries a batch")
    print(f"ratio to the engine alone: {seconds / alone:.1f} (limit {RATIO})")
    assert seconds / alone < RATIO, f"more than {RATIO} times the engine alone"


if __name__ == "__main__":
    rolled_back(measure, about=__doc__, rows=2000)
