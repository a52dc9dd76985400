"""Points that were wrong are put right, with a trace."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from silian.education.answering.models import Line
from silian.education.answering.services import admit_late
from silian.education.marking.models import Answer, Correction, Marking, Ruling
from silian.education.marking.scores import theory_scores
from silian.education.marking.tests.factories import (
    make_marker,
    make_marking,
    make_marking_of,
    make_sat_exam,
    question,
)
from silian.education.marking.turns import take
from silian.education.marksheets import correcting
from silian.education.marksheets.tests.test_office import (
    ESSAY,
    address,
    make_complete,
    marked,
    office_of,
)

pytestmark = pytest.mark.django_db
PAPERS = [{"1": "a"}, {"1": "b"}, {"1": "b"}, {}]


def test_another_key_is_previewed_and_then_scored_for_everybody(client: Client) -> None:
    marking = make_marking(PAPERS)
    client.force_login(office_of(marking))
    url = address(marking, f"items/{question(marking, '1').pk}/ruling/")
    facts = {"what": "key", "right": "b", "why": "教材第12页已修订"}
    page = client.post(url, facts).content.decode()
    assert "2 gain points, 1 lose points, 1 stay as they are" in page
    assert not Correction.objects.exists(), "nothing was done yet"
    assert client.post(url, {**facts, "apply": "1"}).status_code == 302
    points = list(
        Answer.objects.filter(question__item="1").order_by("sheet").values_list("points", flat=True)
    )
    assert points == [0, 2, 2, 0]
    trace = Correction.objects.filter(answer__sheet=marking.sheets.first()).get()
    assert (trace.was, trace.points, trace.why) == (2, 0, "教材第12页已修订") and trace.by
    assert correcting.key_of(question(marking, "1")) == "b"


def test_points_for_everybody_are_points_for_those_too_who_answered_nothing() -> None:
    marking = make_marking(PAPERS)
    effect = correcting.rule(
        question(marking, "1"), key=None, to_all=True, why="题干有误", by=office_of(marking)
    )
    assert (effect.gain, effect.lose, effect.same) == (3, 0, 1)
    assert set(Answer.objects.filter(question__item="1").values_list("points", flat=True)) == {2}
    assert Ruling.objects.get().corrections.count() == 3


def test_an_item_that_people_mark_can_be_given_to_everybody() -> None:
    marking = make_marking([ESSAY])
    asked = question(marking, "3")
    correcting.rule(asked, key=None, to_all=True, why="题目超纲", by=office_of(marking))
    assert Answer.objects.get(question=asked).points == 10
    assert Correction.objects.get().was is None


def test_a_signed_sheet_is_corrected_with_a_reason_and_without_one_not(client: Client) -> None:
    marking = make_complete()
    sheet, answer = marking.sheets.get(), Answer.objects.get(question__item="3")
    client.force_login(office_of(marking))
    url = address(marking, f"sheets/{sheet.pk}/{answer.pk}/")
    for wrong in ({"points": "8"}, {"points": "11", "why": "复核"}, {"points": "6", "why": "复核"}):
        refused = client.post(url, wrong)
        assert refused.status_code == 200 and not Correction.objects.exists()
    assert client.post(url, {"points": "8.25", "why": "复核：漏看一点"}).status_code == 302
    page = client.get(address(marking, f"sheets/{sheet.pk}/")).content.decode()
    assert "复核：漏看一点" in page
    assert list(theory_scores(marking.exam).values()) == [Decimal("81.25")]


def test_the_database_wants_the_trace_and_keeps_it() -> None:
    marking = make_complete()
    answer = Answer.objects.get(question__item="3")
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(points=9, corrected=1)
    correcting.correct(answer, points=Decimal(9), why="复核", by=office_of(marking))
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(why="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(points=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.all().delete()
    answer.refresh_from_db()
    assert answer.points == 9 and answer.corrected == 1


def test_a_correction_that_fails_in_the_middle_changes_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marking = make_marking(PAPERS)
    monkeypatch.setattr(correcting, "APPLY", "SELECT 1/0 WHERE 1 = ANY(%s) OR true")
    with pytest.raises(Exception, match="division"), transaction.atomic():
        correcting.rule(
            question(marking, "1"), key="b", to_all=False, why="改", by=office_of(marking)
        )
    assert not Correction.objects.exists() and not Ruling.objects.exists()


def test_late_answers_that_were_admitted_are_read_again(client: Client) -> None:
    exam = make_sat_exam([{"1": "b", "3": "先断电。"}])
    attempt = exam.candidates.get().attempt
    late = attempt.ends_at + timedelta(hours=1)
    lines: list[dict[str, Any]] = [
        {"item": "1", "response": "a", "number": 8},
        {"item": "3", "response": "先断电，再挂牌。", "number": 9},
    ]
    for line in lines:
        Line.objects.create(attempt=attempt, opening=1, said_at=late, received_at=late, **line)
    marking = marked(make_marking_of(exam), 6)
    office = office_of(marking)
    client.force_login(office)
    sheet = marking.sheets.get()
    url = address(marking, f"sheets/{sheet.pk}/read-again/")
    assert client.post(url, {"reason": "网络故障"}).status_code == 403, "none were admitted"
    admit_late(attempt, reason="考点网络故障", by=office)
    assert client.post(url, {"reason": "网络故障"}).status_code == 302
    points = dict(sheet.answers.values_list("question__item", "points"))
    assert points["1"] == 2 and points["3"] is None, "people read it again"
    assert Correction.objects.get().why == "网络故障"


@pytest.mark.parametrize(
    ("item", "facts", "key"),
    [
        ("2", {"right": ["a", "b", "c"]}, ["a", "b", "c"]),
        ("4.1", {"right": "a"}, "a"),
    ],
)
def test_keys_are_entered_in_the_shape_of_their_kind(
    client: Client, item: str, facts: dict[str, Any], key: object
) -> None:
    marking = make_marking(PAPERS)
    client.force_login(office_of(marking))
    url = address(marking, f"items/{question(marking, item).pk}/ruling/")
    client.post(url, {**facts, "what": "key", "why": "更正", "apply": "1"})
    assert correcting.key_of(question(marking, item)) == key


def test_a_key_that_cannot_be_is_refused_and_kept_as_typed(client: Client) -> None:
    marking = make_marking(PAPERS)
    client.force_login(office_of(marking))
    url = address(marking, f"items/{question(marking, '2').pk}/ruling/")
    page = client.post(url, {"what": "key", "right": ["a"], "why": "更正", "apply": "1"})
    assert page.status_code == 200 and "更正" in page.content.decode()
    assert not Ruling.objects.exists()


def test_a_marker_is_not_asked_again_where_everybody_got_the_points() -> None:
    marking: Marking = make_marking([ESSAY])
    marker = make_marker(marking)
    asked = question(marking, "3")
    correcting.rule(asked, key=None, to_all=True, why="题目超纲", by=office_of(marking))
    assert take(marker, asked) is None
