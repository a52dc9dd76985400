"""Programmes follow industry: the advice, its evidence, what the schools answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from silian.education.advice import policy, services
from silian.education.advice.models import Advice, Answer, Report
from silian.education.advice.papers import digest_of
from silian.education.advice.receivers import advice_to_answer, reports_to_publish
from silian.education.advice.rules import Evidence, opens, verb_for
from silian.education.advice.tests.factories import line_of, make_report
from silian.education.forecasts.tests.factories import make_school_programme
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices.models import Notice
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
Verb = Advice.Verb
ORDER = [Verb.STOP, Verb.SHRINK, Verb.KEEP, Verb.GROW]
counts = st.integers(0, 500)


# --- the rules --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "verb"),
    [
        ({"demand": 100, "graduates": 50, "level": 2}, Verb.GROW),
        ({"demand": 100, "graduates": 50, "level": 0}, Verb.KEEP),  # nothing else says it is short
        (
            {"demand": 100, "graduates": 50, "level": 2, "demand_next": 50, "graduates_next": 50},
            Verb.KEEP,
        ),
        ({"demand": 100, "graduates": 100}, Verb.KEEP),
        ({"demand": 100, "graduates": 160}, Verb.SHRINK),
        ({"demand": 100, "graduates": 160, "demand_next": 150, "graduates_next": 160}, Verb.KEEP),
        ({"demand": 20, "graduates": 80}, Verb.STOP),
        ({"demand": 0, "graduates": 1, "years_without_demand": 3}, Verb.STOP),
        ({"demand": 100, "graduates": None}, None),
        ({"demand": None, "graduates": 10}, None),
    ],
)
def test_thresholds(facts: dict[str, int | None], verb: str | None) -> None:
    assert verb_for(Evidence(**facts)) == verb  # type: ignore[arg-type]


@given(counts, counts, counts)
def test_more_demand_never_makes_the_advice_worse(demand: int, graduates: int, more: int) -> None:
    found = Evidence(demand=demand, graduates=graduates, level=3)
    before, after = verb_for(found), verb_for(replace(found, demand=demand + more))
    assert ORDER.index(after) >= ORDER.index(before)  # type: ignore[arg-type]


def test_something_is_opened_only_where_nobody_trains() -> None:
    found = Evidence(demand=60, graduates=0, level=2)
    assert opens(found)
    assert not opens(replace(found, programmes=1))
    assert not opens(replace(found, level=1))
    assert not opens(replace(found, demand=5))


# --- a report ---------------------------------------------------------------------------


def test_lines_with_their_evidence() -> None:
    report = make_report(asked=False)
    assert {line.verb for line in report.lines.all()} == {"grow", "stop", "open"}
    grow = line_of(report, "grow").evidence
    assert (grow["demand"], grow["graduates"], grow["own_graduates"]) == (120, 40, 40)
    assert (grow["firms"], grow["hard_to_fill"]) == (5, 1.0)
    assert grow["stars"] >= 3
    assert grow["demand_next"] is None  # one release is no series
    assert grow["graduates_next"] == 40


def test_a_programme_that_takes_nobody_is_not_advised() -> None:
    consortium, code = make_consortium(), make_code()
    make_school_programme(consortium, [code], {2025: (30, 20)}, closed=2025)
    report = make_report(consortium, asked=False)
    assert not report.lines.filter(occupation=code).exists()


def test_without_both_sides_there_is_no_advice(client: Client) -> None:
    consortium = make_consortium()
    secretary = make_secretary(consortium)
    verdict = policy.may_prepare(secretary, consortium)
    assert "no year yet" in verdict.reason
    client.force_login(secretary)
    assert client.post(f"/{consortium.slug}/advice/new/").status_code == 403
    assert client.get(f"/{consortium.slug}/advice/").status_code == 200


def test_schools_answer_and_the_secretariat_publishes(client: Client) -> None:
    report = make_report(asked=False)
    consortium, secretary = report.consortium, make_secretary(report.consortium)
    grow, stop, opening = (line_of(report, verb) for verb in ("grow", "stop", "open"))
    school = make_staff(grow.programme.school)  # type: ignore[union-attr]
    home = f"/{consortium.slug}/advice/"
    client.force_login(school)
    assert client.get(report.get_absolute_url()).status_code == 404  # still a draft

    client.force_login(secretary)
    assert reports_to_publish(secretary)
    late = client.post(f"{home}{report.pk}/ask/", {"until": clock.today()})
    assert late.context["form"].errors.keys() == {"until"}
    client.post(f"{home}{report.pk}/ask/", {"until": clock.today() + timedelta(days=14)})
    assert Notice.objects.filter(to=school).count() == 1

    client.force_login(school)
    assert [todo.count for todo in advice_to_answer(school)] == [1]
    assert client.get(grow.get_absolute_url()).status_code == 200
    assert client.get(opening.get_absolute_url()).status_code == 200
    assert client.get(stop.get_absolute_url()).status_code == 404  # another school's, not yet
    assert client.get(f"{home}{report.pk}/data.json").status_code == 403
    page = f"{home}lines/{grow.pk}/answer/"
    said = {"school": grow.programme.school_id, "adopted": "no", "planned_intake": 60}  # type: ignore[union-attr]
    refused = client.post(page, said)
    assert refused.context["form"].errors.keys() == {"reason"}
    assert 'value="60"' in refused.text
    client.post(page, said | {"reason": "实训场地不足"})
    client.post(page, said | {"adopted": "yes", "planned_intake": 80})  # thought again
    assert (Answer.objects.get().adopted, Answer.objects.get().planned_intake) == (True, 80)
    assert not list(advice_to_answer(school))
    assert Notice.objects.filter(to=secretary, url=grow.get_absolute_url()).count() == 2

    client.force_login(secretary)
    assert client.post(f"{home}{report.pk}/publish/").status_code == 403  # no foreword yet
    client.post(f"{home}{report.pk}/edit/", {"foreword_zh": "请各院校参考。"})
    client.post(f"{home}{report.pk}/publish/")
    report.refresh_from_db()
    assert (report.state, report.digest) == ("published", digest_of(report))

    client.logout()
    assert client.get(stop.get_absolute_url()).status_code == 200
    assert "80" in client.get(grow.get_absolute_url()).text
    assert "adopted" in client.get(report.get_absolute_url()).text
    assert client.get(f"{home}{report.pk}/data.json").json()["advice"][0]["advice"] == "open"
    assert client.get(f"{home}{report.pk}/paper.pdf").content[:5] == b"%PDF-"
    assert client.get(f"{home}{report.pk}/paper.docx").content[:2] == b"PK"
    assert client.get(f"{report.get_absolute_url()}?export=xlsx").status_code == 200


def test_a_school_reads_its_own_first_and_answers_only_for_itself(client: Client) -> None:
    report = make_report()
    stop = line_of(report, "stop")
    own = make_staff(stop.programme.school)  # type: ignore[union-attr]
    seen = list(policy.visible_advice(own).filter(report=report))
    assert [line.verb for line in seen] == ["stop", "open"]
    assert policy.may_answer(own, stop)
    assert not policy.may_answer(make_secretary(report.consortium), stop)
    other = make_staff(line_of(report, "grow").programme.school)  # type: ignore[union-attr]
    assert not policy.may_answer(other, stop)
    client.force_login(other)
    assert client.get(f"{stop.get_absolute_url()}answer/").status_code == 404
    opening = line_of(report, "open")
    for user in (own, other):
        (school,) = policy.answering_schools(user, opening)
        answer = Answer(advice=opening, school=school, adopted=True)
        services.answer_advice(answer, by=user)
    assert opening.answers.count() == 2
    assert policy.visible_answers(own, opening).count() == 1  # not what others say, yet
    listed = policy.visible_advice(own).get(pk=opening.pk)
    assert [one.school for one in listed.answers.all()] == [stop.programme.school]  # type: ignore[union-attr]


def test_who_sees_it_before_publication(client: Client) -> None:
    report = make_report()
    firm = make_staff(make_membership(report.consortium).organisation)
    stranger = make_staff(make_organisation("college"))
    for user in (firm, stranger, make_secretary(make_consortium()), None):
        client.logout()
        if user:
            client.force_login(user)
        assert client.get(report.get_absolute_url()).status_code == 404
        assert client.get(line_of(report, "grow").get_absolute_url()).status_code == 404
    client.force_login(firm)
    assert client.post(f"/{report.consortium.slug}/advice/new/").status_code == 403


def test_what_is_published_never_changes() -> None:
    report = make_report()
    by = make_secretary(report.consortium)
    grow = line_of(report, "grow")
    school = grow.programme.school  # type: ignore[union-attr]
    answer = Answer(advice=grow, school=school, adopted=True)
    services.answer_advice(answer, by=make_staff(school))
    report.foreword_zh = "前言"
    services.edit_report(report, by=by)
    services.publish_report(report, by=by)
    for refused in (
        grow.delete,
        lambda: Answer.objects.update(adopted=False, reason="x"),
        lambda: Report.objects.filter(pk=report.pk).update(foreword_zh="x"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            refused()
    with pytest.raises(IllegalMove):
        services.answer_advice(answer, by=make_staff(school))


def test_one_report_a_year() -> None:
    report = make_report(asked=False)
    by = make_secretary(report.consortium)
    assert not policy.may_prepare(by, report.consortium)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.prepare_report(report.consortium, by=by)
    services.drop_report(report, by=by)
    assert services.prepare_report(report.consortium, by=by).year == report.year


def test_as_many_queries_for_few_lines_as_for_many(client: Client) -> None:
    found = []
    for many in (1, 30):
        consortium = make_consortium()
        for _number in range(many):
            make_school_programme(consortium, [make_code()], {2025: (30, 20)})
        report = make_report(consortium)
        client.force_login(make_secretary(consortium))
        client.get(report.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(report.get_absolute_url())
        found.append(len(queries))
    assert found[0] == found[1]
