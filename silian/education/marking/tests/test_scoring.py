"""Papers become sheets, all at once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from silian.education.answering.models import Line
from silian.education.marking import scoring, services, tasks
from silian.education.marking.models import Answer, Marking, Sheet
from silian.education.marking.scores import theory_breakdown, theory_scores
from silian.education.marking.tests.factories import RIGHT, make_marking, make_sat_exam
from silian.education.sittings.tests.factories import make_candidate
from silian.kernel.jobs.models import Job

pytestmark = pytest.mark.django_db


def points(sheet: Sheet) -> dict[str, Decimal | None]:
    return dict(sheet.answers.values_list("question__item", "points"))


def test_what_a_machine_can_judge_is_scored_at_once_and_the_rest_waits() -> None:
    marking = make_marking([{**RIGHT, "3": "先断电。"}, {"1": "b", "2": ["a"], "4.2": " "}])
    first, second = marking.sheets.all()
    assert points(first) == {"1": 2, "2": 4, "3": None, "4.1": 2, "4.2": 0}
    assert points(second) == dict.fromkeys(points(first), 0), "nothing was written: nothing to mark"
    assert marking.state == Marking.State.OPEN


def test_who_never_began_has_no_sheet_and_scores_are_none_until_all_is_marked() -> None:
    marking = make_marking([RIGHT, {"3": "断电"}])
    room = marking.exam.rooms.get()
    absent = make_candidate(room)
    known = theory_scores(marking.exam)
    assert len(known) == 2 and absent.person_id not in known and set(known.values()) == {None}
    assert theory_breakdown(marking.exam, absent.person) is None


def test_a_killed_job_goes_on_where_it_was_and_doubles_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exam = make_sat_exam([RIGHT] * 5)
    marking = services.begin_marking(exam, by=None)
    monkeypatch.setattr(scoring, "BATCH", 2)

    def killed(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scoring.score_papers(marking, progress=killed)
    assert marking.sheets.count() == 4
    tasks.score(marking.job_id, marking.pk)
    assert Job.objects.get(pk=marking.job_id).done == 5
    tasks.score(marking.job_id, marking.pk)  # a second worker comes too late
    assert marking.sheets.count() == 5 and Answer.objects.count() == 25
    assert services.begin_marking(exam, by=None) == marking, "begun twice it is one marking"


def test_a_batch_that_fails_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    marking = services.begin_marking(make_sat_exam([RIGHT] * 3), by=None)

    def broken(*_args: object) -> list[Answer]:
        raise ValueError

    monkeypatch.setattr(scoring, "answers_on", broken)
    with pytest.raises(ValueError):
        scoring.score_papers(marking, progress=lambda done, total: None)
    assert not marking.sheets.exists()


def test_many_papers_take_as_many_queries_as_few() -> None:
    counts = []
    for papers in ([RIGHT], [RIGHT] * 30):
        marking = services.begin_marking(make_sat_exam(papers), by=None)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            scoring.score_papers(marking, progress=lambda done, total: None)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_papers_of_an_exam_that_is_over_are_scored_by_themselves() -> None:
    exam = make_sat_exam([RIGHT])
    tasks.begin_closed(0)
    tasks.begin_closed(0)
    marking = Marking.objects.get(exam=exam)
    assert marking.job and marking.questions.count() == 5


def test_of_several_lines_the_last_that_counts_is_scored() -> None:
    exam = make_sat_exam([{"1": "b"}])
    line = Line.objects.get()
    later = {"response": "a", "number": 2, "item": "1", "opening": 1, "attempt": line.attempt}
    Line.objects.create(said_at=line.said_at, received_at=line.received_at, **later)
    marking = services.begin_marking(exam, by=None)
    scoring.score_papers(marking, progress=lambda done, total: None)
    assert Answer.objects.get(question__item="1").points == 2


@pytest.mark.parametrize("change", [{"points": 11}, {"points": -1}, {"worth": 3}, {"points": 1}])
def test_the_database_keeps_points_as_they_were_scored(change: dict[str, int]) -> None:
    make_marking([RIGHT])
    answer = Answer.objects.filter(question__item="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        answer.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        answer.delete()
    assert answer.get().points == 2
