from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import (
    make_membership,
    make_secretary,
    make_staff,
)
from silian.industry.demand.tests.factories import make_position
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.calendars.events import events_of
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.sheets.registry import Row
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.rules import RulesBroken
from silian.talent.cohorts.tests.factories import (
    make_cohort,
    make_learner,
    make_training_agreement,
)
from silian.talent.consents.models import Consent, View
from silian.talent.placement.models import Placement
from silian.talent.profiles.tests.factories import make_student
from silian.talent.rounds.models import Round
from silian.talent.rounds.tests.factories import make_round, make_seat
from silian.talent.selections import services
from silian.talent.selections.imports import Learners, Scores
from silian.talent.selections.models import Selection
from silian.talent.wishes.models import Wish, WishList

pytestmark = pytest.mark.django_db
State, Choice = Learner.State, Learner.Choice


def page_of(cohort: Cohort) -> str:
    return f"/{cohort.consortium.slug}/cohorts/{cohort.pk}/"


def decide(client: Client, cohort: Cohort, **more: str) -> object:
    """Take the first of those who applied and let the others wait."""
    data: dict[str, object] = dict(more)
    for place, learner in enumerate(cohort.learners.filter(state=State.APPLIED)):
        data[f"l{learner.pk}-choice"] = "take" if place == 0 else "wait"
        data[f"l{learner.pk}-order"] = place or ""
    return client.post(f"{page_of(cohort)}selection/choose/", data, follow=True)


def test_students_who_fit_apply_and_others_are_told_why_not(client: Client) -> None:
    cohort = make_cohort(graduates=2027)
    student = make_student(cohort.school)
    cohort.open_to.add(student.programme)
    later = make_student(cohort.school, graduates=2028, programme=student.programme)
    other = make_student(cohort.school)
    elsewhere = make_student(programme=student.programme)
    page = f"{page_of(cohort)}apply/"
    for outsider in (later, other, elsewhere):
        client.force_login(outsider.user)
        assert client.get(page).status_code == 403
    client.force_login(student.user)
    assert "This field is required" in client.post(page, {"consent": "on"}).text
    client.post(page, {"statement": "我想学数控"})
    learner = cohort.learners.get()
    assert (learner.student, learner.number, learner.state) == (student, 1, "applied")
    assert client.get(page).status_code == 302
    text = client.get(f"/{cohort.consortium.slug}/cohorts/mine/").text
    assert cohort.title_en in text
    Cohort.objects.filter(pk=cohort.pk).update(apply_until=clock.today() - timedelta(days=1))
    fitting = make_student(cohort.school, programme=student.programme)
    client.force_login(fitting.user)
    assert client.get(page).status_code == 403


def test_a_firm_reads_a_number_until_the_student_consents(client: Client) -> None:
    cohort = make_cohort()
    learner = make_learner(cohort, statement="我想学")
    name, page = learner.student.name, f"{page_of(cohort)}learners/{learner.pk}/"
    desk = f"{page_of(cohort)}selection/"
    firm, school = make_staff(cohort.enterprise), make_staff(cohort.school)
    for reader in (firm, make_secretary(cohort.consortium)):
        client.force_login(reader)
        for address in (desk, page, f"{desk}?export=csv"):
            assert name not in client.get(address).content.decode()
        assert client.get(f"{desk}?q={name}").context["listing"].total == 0
        assert client.post(f"{page}consent/give/").status_code == 403
        assert client.post(f"{page}leave/", {"reason": "x"}).status_code == 403
    assert not View.objects.exists()
    client.force_login(school)
    assert name in client.get(desk).text
    client.force_login(learner.student.user)
    client.post(f"{page}consent/give/")
    assert Consent.objects.running().get().recipient == cohort.enterprise
    client.force_login(firm)
    assert name in client.get(desk).text and name in client.get(page).text
    views = View.objects.filter(by=firm)
    assert {view.organisation for view in views} == {cohort.enterprise}
    assert {view.what for view in views} == {"My application to a cohort", "My place in a cohort"}
    client.force_login(learner.student.user)
    client.post(f"{page}consent/withdraw/")
    client.force_login(firm)
    assert name not in client.get(desk).text


def test_strangers_learn_of_nobody(client: Client) -> None:
    cohort = make_cohort()
    learner = make_learner(cohort)
    page, desk = f"{page_of(cohort)}learners/{learner.pk}/", f"{page_of(cohort)}selection/"
    for stranger in (
        make_staff(make_membership(cohort.consortium).organisation),
        make_student(cohort.school).user,
    ):
        client.force_login(stranger)
        assert client.get(page).status_code == 404
        assert client.post(f"{page}leave/", {"reason": "x"}).status_code == 404
        assert client.get(desk).status_code == 403
        assert client.get(f"/sheets/selections.learners/{cohort.pk}/").status_code == 404
    client.logout()
    assert client.get(desk).status_code == 302


def test_the_list_passes_until_both_sides_agree(client: Client) -> None:
    cohort = make_cohort(quota=1)
    first, second, third = (make_learner(cohort) for _ in range(3))
    school, firm = make_staff(cohort.school), make_staff(cohort.enterprise)
    client.force_login(firm)
    assert client.post(f"{page_of(cohort)}selection/choose/").status_code == 403  # not its turn
    client.force_login(school)
    client.post(f"{page_of(cohort)}selection/choose/", {"pass": "1"}, follow=True)
    assert not Selection.objects.get().school_agrees  # undecided applications
    too_many = {f"l{one.pk}-choice": "take" for one in (first, second, third)}
    text = client.post(f"{page_of(cohort)}selection/choose/", too_many, follow=True).text
    assert "3 are to be taken, and 1 places are free." in text
    twice = {f"l{one.pk}-choice": "wait" for one in (first, second, third)}
    twice |= {f"l{one.pk}-order": "1" for one in (first, second, third)}
    assert "Two have this place" in client.post(f"{page_of(cohort)}selection/choose/", twice).text
    decide(client, cohort, **{"pass": "1", "note": "请审核"})
    selection = Selection.objects.get()
    assert (selection.turn, selection.school_agrees) == ("enterprise", True)
    assert any("Decide on applications" in todo.label for todo in todos_of(firm))
    client.force_login(firm)
    assert "请审核" in client.get(f"{page_of(cohort)}selection/").text
    changed = {f"l{first.pk}-choice": "refuse", f"l{second.pk}-choice": "take"}
    changed |= {f"l{third.pk}-choice": "wait", f"l{third.pk}-order": "1", "pass": "1"}
    client.post(f"{page_of(cohort)}selection/choose/", changed)
    selection.refresh_from_db()
    assert (selection.turn, selection.school_agrees) == ("school", False)  # it changed: ask anew
    assert set(cohort.learners.values_list("state", flat=True)) == {"applied"}
    client.force_login(school)
    client.post(f"{page_of(cohort)}selection/choose/", changed)
    states = [Learner.objects.get(pk=one.pk).state for one in (first, second, third)]
    assert states == ["refused", "selected", "waiting"]
    assert selection.handovers.count() == 3


def test_a_free_place_goes_to_the_next_in_line(client: Client) -> None:
    cohort = make_cohort(quota=1, state="running")
    taken = make_learner(cohort, State.SELECTED)
    later, sooner = (make_learner(cohort, State.WAITING, order=n) for n in (2, 1))
    client.force_login(make_staff(cohort.school))
    fill = f"{page_of(cohort)}selection/fill/"
    assert client.post(fill).status_code == 403
    client.force_login(taken.student.user)
    leave = f"{page_of(cohort)}learners/{taken.pk}/leave/"
    client.post(leave, {"reason": ""})
    taken.refresh_from_db()
    assert taken.state == State.SELECTED
    client.post(leave, {"reason": "家里有事"})
    staff = make_staff(cohort.school)
    assert any("Fill free places" in todo.label for todo in todos_of(staff))
    client.force_login(staff)
    client.post(fill)
    sooner.refresh_from_db()
    later.refresh_from_db()
    assert (sooner.state, later.state) == ("selected", "waiting")
    assert client.post(fill).status_code == 403


def test_nobody_has_places_in_two_cohorts_and_nothing_is_done_by_halves() -> None:
    agreement = make_training_agreement()
    one, two = make_cohort(agreement), make_cohort(agreement)
    student = make_student(one.school)
    make_learner(one, State.SELECTED, student)
    fine = make_learner(two, choice="take")
    make_learner(two, student=student, choice="take")
    by = make_user()
    services.pass_on(two, note="", by=by, side="school")
    with pytest.raises(ValidationError):
        services.pass_on(two, note="", by=by, side="enterprise")
    fine.refresh_from_db()
    assert fine.state == State.APPLIED
    assert Selection.objects.get().turn == "enterprise"


def test_the_law_holds_on_every_way_into_a_cohort() -> None:
    cohort = make_cohort(make_training_agreement(kind="apprenticeship"))
    born = cohort.starts_on - timedelta(days=15 * 365)
    student = make_student(cohort.school, person=make_person(born_on=born))
    make_learner(cohort, State.WAITING, student, order=1)
    with pytest.raises(RulesBroken):
        services.fill_place(cohort, by=make_user())


def placed(cohort: Cohort, count: int = 1) -> list[Placement]:
    """Confirmed placements of one round at the cohort's enterprise."""
    found = make_round(cohort.consortium, kind="order_class")
    position = make_position(cohort.consortium, cohort.enterprise, places=count)
    seat = make_seat(found, count, position)
    Round.objects.filter(pk=found.pk).update(state="wishing")
    placements = []
    for _ in range(count):
        student = make_student(cohort.school)
        wishes = WishList.objects.create(round=found, student=student)
        wish = Wish.objects.create(list=wishes, seat=seat, order=1)
        placements.append(
            Placement.objects.create(
                round=found,
                student=student,
                wish=wish,
                seat=seat,
                state="confirmed",
                answer_until=clock.now(),
            )
        )
    return placements


def test_placements_of_a_round_are_taken_over_with_one_press(client: Client) -> None:
    cohort = make_cohort(quota=2)
    placements = placed(cohort, 2)
    client.force_login(make_staff(cohort.enterprise))
    page = f"{page_of(cohort)}selection/"
    assert placements[0].round.title_en in client.get(page).text
    for _twice in range(2):
        client.post(f"{page}placements/", {"round": placements[0].round_id})
    assert cohort.learners.filter(state=State.SELECTED).count() == 2
    small = make_cohort(cohort.agreement, quota=1)
    many = placed(small, 2)
    text = client.post(
        f"{page_of(small)}selection/placements/", {"round": many[0].round_id}, follow=True
    ).text
    assert "2 placements do not fit into 1 places." in text
    assert not small.learners.exists()


def test_interviews_are_set_and_scored_by_sheet(client: Client) -> None:
    cohort = make_cohort()
    learner = make_learner(cohort)
    client.force_login(make_staff(cohort.enterprise))
    page = f"{page_of(cohort)}selection/interviews/"
    tomorrow = clock.now() + timedelta(days=1)
    data = {"at": f"{tomorrow:%Y-%m-%dT%H:%M}", "place": "A楼301", "learners": [learner.pk]}
    assert "required" in client.post(page, data | {"place": ""}).text
    client.post(page, data)
    assert [event.place for event in events_of(learner.student.user)] == ["A楼301"]
    sheet = Scores()
    form = type(sheet.form(cohort))
    read = sheet.form(cohort)
    read.data, read.is_bound = {"learner": learner.code, "score": "88.5"}, True
    assert read.is_valid(), read.errors
    assert form is not None
    assert sheet.save(
        [Row(2, read.cleaned_data)], cohort, by=make_user(), progress=lambda done: None
    )
    learner.refresh_from_db()
    assert learner.interview.score == 88.5
    assert "88.5" in client.get(f"{page_of(cohort)}selection/").text


def test_the_school_names_its_class_by_a_sheet() -> None:
    cohort = make_cohort()
    students = [make_student(cohort.school) for _ in range(2)]
    sheet = Learners()
    rows = []
    for line, student in enumerate(students, start=2):
        form = sheet.form(cohort)
        form.data, form.is_bound = {"number": student.number}, True
        assert form.is_valid(), form.errors
        rows.append(Row(line, form.cleaned_data))
    stranger = sheet.form(cohort)
    stranger.data, stranger.is_bound = {"number": make_student().number}, True
    assert not stranger.is_valid()
    assert not list(sheet.check(rows, cohort))
    assert list(sheet.check([*rows, rows[0]], cohort))
    sheet.save(rows, cohort, by=make_user(), progress=lambda done: None)
    assert list(cohort.learners.values_list("choice", "number")) == [("take", 1), ("take", 2)]
    assert sheet.permitted(make_staff(cohort.school), cohort)
    assert not sheet.permitted(make_staff(cohort.enterprise), cohort)


def test_the_list_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    cohort = make_cohort()
    client.force_login(make_staff(cohort.school))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_learner(cohort)
        client.get(f"{page_of(cohort)}selection/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{page_of(cohort)}selection/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
