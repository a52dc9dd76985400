"""The office prepares an exam; nobody else does, and nobody sees a candidate who should not."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.education.sittings import services
from silian.education.sittings.imports import Candidates
from silian.education.sittings.models import Candidate, Exam, Form
from silian.education.sittings.tests.factories import (
    announced,
    make_candidate,
    make_exam,
    make_room,
)
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.notices.models import Notice
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.sheets.registry import Row

pytestmark = pytest.mark.django_db
NUMBERS = "11010519491231002X", "440308199901010012"


def page(exam: Exam, rest: str = "") -> str:
    return f"/{exam.consortium.slug}/exams/{exam.pk}/{rest}"


def stamp(moment: object) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def test_the_office_sets_up_an_exam_and_a_mistake_costs_nothing_that_was_typed(
    client: Client,
) -> None:
    consortium = make_consortium()
    school = make_organisation()
    make_membership(consortium, school)
    client.force_login(make_staff(school))
    opens = clock.now() + timedelta(days=3)
    typed = {
        "organiser": school.pk,
        "title_zh": "电工三级理论考试",
        "opens_at": stamp(opens),
        "closes_at": stamp(opens + timedelta(minutes=30)),
        "minutes": 90,
        "late_minutes": 15,
    }
    address = reverse("sittings:exam_new", args=[consortium])
    refused = client.post(address, typed)
    assert "less time between" in refused.text and "电工三级理论考试" in refused.text
    client.post(address, typed | {"closes_at": stamp(opens + timedelta(hours=3))})
    exam = Exam.objects.get()
    assert (exam.organiser, exam.minutes, exam.state) == (school, 90, "draft")
    assert "电工三级理论考试" in client.get(page(exam)).text


def test_strangers_and_colleagues_elsewhere_do_not_see_an_exam(client: Client) -> None:
    exam = make_exam()
    candidate = make_candidate(make_room(exam))
    other = make_organisation()
    make_membership(exam.consortium, other)
    for user in (make_user(), make_staff(other), make_secretary(make_consortium())):
        client.force_login(user)
        for rest in ("", "edit/", "candidates/", "tickets/", f"candidates/{candidate.pk}/"):
            assert client.get(page(exam, rest)).status_code == 404
        assert exam.title_zh not in client.get(f"/{exam.consortium.slug}/exams/").text


def test_invigilators_see_their_room_once_it_is_announced_and_do_not_prepare(
    client: Client,
) -> None:
    exam, watcher = make_exam(), make_user()
    room, elsewhere = make_room(exam, invigilator=watcher), make_room(exam)
    mine, other = make_candidate(room), make_candidate(elsewhere)
    client.force_login(watcher)
    assert client.get(page(exam)).status_code == 404, "before it is announced"
    announced(exam)
    assert client.get(page(exam)).status_code == 200
    assert client.get(page(exam, f"candidates/{mine.pk}/")).status_code == 200
    assert mine.code not in client.get(page(exam, f"candidates/{mine.pk}/")).text
    assert client.get(page(exam, f"candidates/{other.pk}/")).status_code == 404
    assert client.get(page(exam, f"rooms/{elsewhere.pk}/")).status_code == 404
    for rest in ("edit/", "candidates/", "tickets/", "rooms/new/"):
        assert client.get(page(exam, rest)).status_code == 403


def test_a_number_is_not_given_twice_after_a_removal_or_another_day() -> None:
    exam = make_exam()
    secretary = make_secretary(exam.consortium)

    def enter(many: int) -> None:
        people = [(make_person(user=None), None) for _n in range(many)]
        assert services.enter_people(exam, people, by=secretary) == many

    enter(3)
    services.remove_candidate(exam.candidates.first(), by=secretary)  # type: ignore[arg-type]
    enter(1)
    exam.opens_at -= timedelta(days=1)
    services.save_exam(exam, by=secretary)
    enter(1)
    exam.opens_at += timedelta(days=1)
    services.save_exam(exam, by=secretary)
    enter(1)
    numbers = exam.candidates.values_list("number", flat=True)
    assert sorted(number[-5:] for number in numbers) == [
        "00002",
        "00003",
        "00004",
        "00005",
        "00006",
    ]


def test_candidates_come_by_sheet_once_and_known_people_stay_one_person() -> None:
    exam = make_exam()
    secretary = make_secretary(exam.consortium)
    sheet = Candidates()
    rows = [
        Row(n, {"name": f"考生{n}", "id_number": number})
        for n, number in enumerate(NUMBERS, start=2)
    ]
    assert sheet.permitted(secretary, exam) and not sheet.permitted(make_user(), exam)
    again = [*rows, Row(9, {"name": "考生2", "id_number": NUMBERS[0]})]
    assert [(number, field) for number, field, _text in sheet.check(again, exam)] == [
        (9, "id_number")
    ]
    for expected in (2, 0):
        found = sheet.save(rows, exam, by=secretary, progress=lambda done: None)
        assert found == expected
    other = make_exam(exam.consortium)
    sheet.save(rows, other, by=secretary, progress=lambda done: None)
    assert Candidate.objects.count() == 4
    assert Person.objects.filter(exam_candidacies__isnull=False).distinct().count() == 2
    assert len(set(Candidate.objects.values_list("number", flat=True))) == 4


def test_a_number_that_somebody_of_another_name_has_tells_nothing_of_them() -> None:
    known = make_person(user=None, name="真名某")
    identity.set_number(known, NUMBERS[0])
    known.save()
    exam = make_exam()
    rows = [{"name": "张某", "id_number": NUMBERS[0]}]
    for expected in (1, 0):
        entered = services.enter_candidates(exam, rows, by=make_secretary(exam.consortium))
        assert entered == expected
    candidate = exam.candidates.get()
    assert candidate.person != known and candidate.person.name == "张某"


def test_seats_are_drawn_by_a_seed_that_the_record_keeps_and_neighbours_have_other_forms() -> None:
    exam = make_exam()
    Form.objects.create(exam=exam, letter="B", content=exam.forms.get().content, keys={})
    small, large = make_room(exam, seats=2), make_room(exam, seats=4)
    for _number in range(5):
        Candidate.objects.create(
            exam=exam, person=make_person(user=None), number=f"T{_number}", code="X"
        )
    secretary = make_secretary(exam.consortium)
    assert services.seat_candidates(exam, by=secretary, seed=7) == 5
    drawn = list(exam.candidates.order_by("number").values_list("room", "seat", "form__letter"))
    assert len({row[:2] for row in drawn}) == 5 and {row[2] for row in drawn} == {"A", "B"}
    assert small.candidates.count() == 2 and large.candidates.count() == 3
    services.seat_candidates(exam, by=secretary, seed=7)
    assert drawn == list(
        exam.candidates.order_by("number").values_list("room", "seat", "form__letter")
    )
    assert Entry.objects.filter(action="Seats drawn").last().detail["seed"] == 7
    for _number in range(2):
        make_candidate(large)
    with pytest.raises(ValidationError, match="6 seats do not suffice for 7"):
        services.seat_candidates(exam, by=secretary, seed=1)


def test_announcing_settles_everything_and_tells_those_concerned(client: Client) -> None:
    exam = make_exam()
    watcher, sitter = make_user(), make_person()
    secretary = make_secretary(exam.consortium)
    client.force_login(secretary)
    address = page(exam, "do/announce/")
    assert client.post(address).status_code == 403, "nobody is entered"
    room = make_room(exam, invigilator=watcher)
    candidate = make_candidate(room, person=sitter, form=None)
    client.post(address)
    exam.refresh_from_db()
    candidate.refresh_from_db()
    assert exam.state == Exam.State.ANNOUNCED and candidate.form == exam.forms.get()
    assert set(Notice.objects.values_list("to", flat=True)) == {watcher.pk, sitter.user_id}
    assert client.get(page(exam, "edit/")).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        Form.objects.update(content={})
    client.force_login(sitter.user)
    mine = client.get("/me/exams/").text
    assert exam.title_zh in mine
    ticket = client.get(f"/me/exams/{candidate.pk}/ticket.pdf")
    assert ticket.content.startswith(b"%PDF")
    client.force_login(make_user())
    assert client.get(f"/me/exams/{candidate.pk}/ticket.pdf").status_code == 404


def test_cancelling_asks_why_and_tells_the_candidates(client: Client) -> None:
    exam = make_exam()
    sitter = make_person()
    make_candidate(make_room(exam), person=sitter)
    announced(exam)
    client.force_login(make_secretary(exam.consortium))
    client.post(page(exam, "do/cancel/"), {"reason": " "})
    exam.refresh_from_db()
    assert exam.state == "announced"
    client.post(page(exam, "do/cancel/"), {"reason": "停电"})
    exam.refresh_from_db()
    assert exam.state == "cancelled" and Notice.objects.get().to == sitter.user


@pytest.mark.parametrize("rest", ["", "candidates/", "tickets/"])
def test_pages_ask_the_same_with_many_candidates(client: Client, rest: str) -> None:
    exam = make_exam()
    room = make_room(exam)
    client.force_login(make_secretary(exam.consortium))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page(exam, rest)).status_code == 200
        return len([one for one in asked if "consents_view" not in one["sql"]])

    make_candidate(room)
    queries()
    one = queries()
    for _number in range(20):
        make_candidate(room)
    assert queries() == one
