"""The office: how far it is, signing, sheets, files."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.items.models import Use
from silian.education.items.tests.factories import make_bank, make_version
from silian.education.marking import turns
from silian.education.marking.models import Answer, Marking, Sheet
from silian.education.marking.policy import may_set_limit, possible_markers
from silian.education.marking.scores import theory_breakdown, theory_scores
from silian.education.marking.tests.factories import (
    RIGHT,
    make_marker,
    make_marking,
    make_marking_of,
    make_sat_exam,
    question,
)
from silian.education.marksheets import policy, services, statistics, tasks
from silian.education.sittings.tests.factories import make_candidate
from silian.governance.members.tests.factories import (
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.sheets.reading import read

pytestmark = pytest.mark.django_db
ESSAY = {**RIGHT, "3": "先断电，再检修。"}


def office_of(marking: Marking) -> User:
    return make_staff(marking.exam.organiser)


def marked(marking: Marking, *points: int) -> Marking:
    """Two markers give the same points for every essay, one after the other."""
    asked = question(marking, "3")
    for marker in (make_marker(marking), make_marker(marking)):
        for one in points:
            mark = turns.take(marker, asked)
            assert mark is not None
            turns.give(mark, points=Decimal(one), by=marker.user)
    return marking


def make_complete(papers: int = 1, points: int = 6) -> Marking:
    marking = marked(make_marking([ESSAY] * papers), *[points] * papers)
    services.complete(marking, by=office_of(marking))
    return marking


def address(marking: Marking, rest: str = "") -> str:
    return f"{marking.get_absolute_url()}{rest}"


# --- signing ----------------------------------------------------------------------------


def test_points_of_a_hundred_are_known_when_the_office_has_signed() -> None:
    marking = marked(make_marking([ESSAY]), 6)
    person = marking.exam.candidates.get().person
    assert theory_scores(marking.exam) == {person.pk: None}
    services.complete(marking, by=office_of(marking))
    assert theory_scores(marking.exam) == {person.pk: Decimal("70.00")}, "14 of 20"
    assert marking.completed_by and marking.completed_at


def test_nothing_is_signed_while_an_answer_is_not_marked(client: Client) -> None:
    marking = make_marking([ESSAY])
    client.force_login(office_of(marking))
    assert client.post(address(marking, "complete/")).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        services.complete(marking, by=office_of(marking))
    marked(marking, 6)
    assert client.post(address(marking, "complete/")).status_code == 302
    assert Marking.objects.get().state == "complete"


def test_what_is_signed_stays() -> None:
    marking = make_complete()
    answer = Answer.objects.get(question__item="3")
    for change in ({"points": 1}, {"response": "anders"}, {"points": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.filter(pk=answer.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Marking.objects.update(state="open")
    with pytest.raises(IntegrityError), transaction.atomic():
        Marking.objects.update(completed_by=make_user())
    attempt = make_sat_exam([RIGHT]).candidates.get().attempt
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.create(marking=marking, attempt=attempt)
    mark = answer.marks.first()
    assert mark
    with pytest.raises(IntegrityError), transaction.atomic():
        type(mark).objects.filter(pk=mark.pk).update(points=1)


def test_candidates_see_their_points_only_where_the_office_allows_it() -> None:
    marking = make_complete()
    person = marking.exam.candidates.get().person
    assert theory_breakdown(marking.exam, person) is None
    marking.shown = True
    marking.save()
    lines = theory_breakdown(marking.exam, person)
    assert lines and [line.points for line in lines] == [2, 4, 6, 2, 0]
    assert lines[0].answer == ["A. 选项a"] and "key" not in lines[0].content
    assert theory_breakdown(marking.exam, make_person(user=None)) is None


def test_items_learn_once_how_they_did() -> None:
    bank = make_bank()
    version = make_version(bank)
    exam = make_sat_exam([RIGHT, {"1": "b"}], version=version.pk)
    marking = make_marking_of(exam)
    for _time in range(2):
        tasks.measure(marking.job_id, marking.pk)
    use = Use.objects.get(version=version)
    assert use.taken == 2 and use.facility == 0.5
    assert use.source == policy.source_of(exam.pk)
    assert use.choices == {"a": [1, 1, 0], "b": [1, 0, 1]}


def test_the_spread_counts_everybody_once() -> None:
    marking = make_complete(papers=3)
    spread = statistics.spread_of(marking)
    assert spread.mean == 70 and spread.least == spread.most == 70
    assert sum(next(iter(spread.chart.series.values()))) == 3  # type: ignore[arg-type]
    assert statistics.Spread([Decimal(100)]).chart.series["people"][-1] == 1


# --- who may see it ---------------------------------------------------------------------


def pages_of(marking: Marking) -> list[str]:
    sheet, asked = marking.sheets.first(), question(marking, "3")
    assert sheet
    answer = sheet.answers.first()
    assert answer
    rest = f"sheets/{sheet.pk}/ sheets/{sheet.pk}/{answer.pk}/ items/{asked.pk}/"
    rest += f" items/{asked.pk}/ruling/ sheets/ items/ rules/ sheets/all.xlsx sheets/all.csv"
    return [address(marking), *(address(marking, one) for one in rest.split())]


def test_the_office_sees_all_and_a_stranger_not_even_that_there_is_something(
    client: Client,
) -> None:
    marking = make_complete()
    for user in (office_of(marking), make_secretary(marking.exam.consortium)):
        client.force_login(user)
        assert {client.get(url).status_code for url in pages_of(marking)} == {200}
    strangers = make_staff(make_organisation()), make_user()
    for user in strangers:
        client.force_login(user)
        assert {client.get(url).status_code for url in pages_of(marking)} == {404}
        posts = [address(marking, one) for one in ("begin/", "complete/")]
        assert {client.post(url).status_code for url in posts} == {404}


def test_an_invigilator_does_not_see_points(client: Client) -> None:
    marking = make_complete()
    watcher = make_user()
    marking.exam.rooms.get().invigilators.add(watcher)
    client.force_login(watcher)
    assert client.get(address(marking)).status_code == 403
    assert client.get(address(marking, "sheets/")).status_code == 404


def test_an_office_that_marks_stays_blind_until_all_is_marked(client: Client) -> None:
    marking = make_marking([ESSAY])
    office = office_of(marking)
    make_marker(marking, office)
    client.force_login(office)
    assert client.get(address(marking)).status_code == 200
    sheet = marking.sheets.get()
    for url in ("sheets/", f"sheets/{sheet.pk}/", "sheets/all.csv"):
        assert client.get(address(marking, url)).status_code == 403
    marking.markers.update(withdrawn_at=clock.now())
    assert client.get(address(marking, "sheets/")).status_code == 403, "nor by stepping back"
    marking.markers.get().delete()
    assert client.get(address(marking, "sheets/")).status_code == 200


def test_lists_take_the_same_number_of_queries_with_one_row_and_with_thirty(
    client: Client,
) -> None:
    for url in ("", "sheets/", "sheets/all.csv", "items/"):
        counts = []
        for papers in (1, 30):
            marking = make_marking([ESSAY] * papers)
            client.force_login(office_of(marking))
            client.get(address(marking, url))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(marking, url)).status_code == 200
            counts.append(len([q for q in queries if "consents_view" not in q["sql"]]))
        assert counts[0] == counts[1], url


def test_the_file_has_a_row_a_candidate_and_a_column_an_item(client: Client) -> None:
    marking = make_complete()
    client.force_login(office_of(marking))
    grid = read(client.get(address(marking, "sheets/all.xlsx")).content)
    head, row = grid.rows[:2]
    assert row[0] == marking.exam.candidates.get().number
    assert head[4:9] == ["1", "2", "3", "4.1", "4.2"]
    assert [float(one) for one in row[4:11]] == [2, 4, 6, 2, 0, 14, 70]


# --- markers ----------------------------------------------------------------------------


def test_candidates_and_people_of_firms_that_entered_some_are_not_offered(client: Client) -> None:
    exam = make_sat_exam([ESSAY])
    firm = make_organisation()
    exam_room = exam.rooms.get()
    make_candidate(exam_room, organisation=firm)
    marking = make_marking_of(exam)
    teacher, of_the_firm = office_of(marking), make_staff(firm)
    both = make_staff(firm)
    both.roles.create(kind="expert", consortium=exam.consortium)
    found = possible_markers(marking)
    assert teacher in found and of_the_firm not in found and both not in found
    client.force_login(teacher)
    answer = client.post(address(marking, "markers/new/"), {"user": both.pk})
    assert answer.status_code == 200 and not marking.markers.exists()
    assert client.post(address(marking, "markers/new/"), {"user": teacher.pk}).status_code == 302
    marker = marking.markers.get()
    assert client.post(address(marking, f"markers/{marker.pk}/withdraw/")).status_code == 302
    assert not marking.markers.filter(withdrawn_at=None).exists()


def test_the_limit_stays_once_somebody_has_marked(client: Client) -> None:
    marking = make_marking([ESSAY])
    client.force_login(office_of(marking))
    assert client.post(address(marking, "rules/"), {"limit": 10, "shown": "on"}).status_code == 302
    marking.refresh_from_db()
    assert marking.limit == 10 and marking.shown
    marked(marking, 6)
    assert not may_set_limit(office_of(marking), marking)
    client.post(address(marking, "rules/"), {"limit": 50})
    marking.refresh_from_db()
    assert marking.limit == 10 and not marking.shown
    with pytest.raises(IntegrityError), transaction.atomic():
        Marking.objects.update(limit=50)


def test_the_office_finds_what_comes_next_among_what_is_to_do() -> None:
    marking = make_marking([ESSAY])
    office = office_of(marking)

    def labels() -> list[str]:
        return [one.label for one in todos_of(office) if one.url == address(marking)]

    assert "Appoint markers" in labels()[0]
    marked(marking, 6)
    assert "Sign" in labels()[0]
    services.complete(marking, by=office)
    assert labels() == []
