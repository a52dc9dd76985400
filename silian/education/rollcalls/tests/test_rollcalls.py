from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from silian.education.courses.models import Lesson
from silian.education.courses.tests.factories import make_session
from silian.education.enrolments.tests.factories import make_enrolment
from silian.education.rollcalls import policy
from silian.education.rollcalls.codes import code_of
from silian.education.rollcalls.models import Mark
from silian.governance.members.tests.factories import make_secretary, make_staff
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db


def begun(teacher: User | None = None) -> Lesson:
    """A lesson that has begun ten minutes ago, of a session that runs."""
    session = make_session(days=0, lessons=1, state="running", teacher=teacher)
    lesson = session.lessons.get()
    start = clock.now() - timedelta(minutes=10)
    Lesson.objects.filter(pk=lesson.pk).update(starts_at=start, ends_at=start + timedelta(hours=2))
    lesson.refresh_from_db()
    return lesson


def page_of(lesson: Lesson) -> str:
    return f"/{lesson.session.course.consortium.slug}/courses/lessons/{lesson.pk}/"


def user_of(enrolment: object) -> User:
    user = enrolment.person.user  # type: ignore[attr-defined]
    assert isinstance(user, User)
    return user


def test_a_learner_scans_the_screen_once(client: Client) -> None:
    teacher = make_user()
    lesson = begun(teacher)
    enrolment = make_enrolment(lesson.session)
    assert any("Call the roll" in todo.label for todo in todos_of(teacher))
    client.force_login(teacher)
    screen = client.get(f"{page_of(lesson)}screen/")
    assert code_of(lesson) in screen.context["address"] and "0 of 1 here" in screen.text
    address = f"{page_of(lesson)}here/{code_of(lesson)}/"
    client.force_login(user_of(enrolment))
    assert not Mark.objects.exists()
    client.get(address)
    assert not Mark.objects.exists()  # looking is not answering
    client.post(address)
    mark = Mark.objects.get()
    assert (mark.was, mark.how, mark.by) == ("here", "code", user_of(enrolment))
    assert "You are noted as here." in client.get(address).text
    assert client.post(address).status_code == 403
    assert "Attended: 4 of 4 hours" in client.get("/me/training/").text
    assert not [todo for todo in todos_of(teacher) if "roll" in todo.label]


def test_a_code_is_soon_worth_nothing(client: Client) -> None:
    lesson = begun()
    enrolment = make_enrolment(lesson.session)
    code, now = code_of(lesson), clock.now()
    client.force_login(user_of(enrolment))
    with time_machine.travel(now + timedelta(minutes=3), tick=False):
        text = client.post(f"{page_of(lesson)}here/{code}/", follow=True).text
    assert "no longer valid" in text
    client.post(f"{page_of(lesson)}here/{'0' * 20}/")
    other = begun()
    client.post(f"{page_of(lesson)}here/{code_of(other)}/")
    assert not Mark.objects.exists()


def test_only_who_has_a_place_answers(client: Client) -> None:
    lesson = begun()
    waiting = make_enrolment(lesson.session, state="waiting")
    for user in (user_of(waiting), make_user()):
        client.force_login(user)
        assert client.post(f"{page_of(lesson)}here/{code_of(lesson)}/").status_code == 403
    assert not Mark.objects.exists()


def test_the_roll_is_called_by_list(client: Client) -> None:
    teacher = make_user()
    lesson = begun(teacher)
    first, second = make_enrolment(lesson.session), make_enrolment(lesson.session)
    Mark.objects.create(lesson=lesson, enrolment=first, was="here", how="code")
    client.force_login(teacher)
    page = f"{page_of(lesson)}list/"
    assert first.person.name in client.get(page).text
    client.post(page, {f"e{first.pk}": "here", f"e{second.pk}": "excused"})
    marks = list(Mark.objects.order_by("enrolment").values_list("was", "how"))
    assert marks == [("here", "code"), ("excused", "list")]
    client.post(page, {f"e{first.pk}": "absent", f"e{second.pk}": "here"})
    hours = policy.with_hours(policy.called_in(lesson.session))
    assert [row.attended for row in hours] == [0, 4]


def test_who_calls_the_roll(client: Client) -> None:
    lesson = begun()
    session = lesson.session
    assert session.course.organiser
    make_enrolment(session)
    index = f"/{session.course.consortium.slug}/courses/sessions/{session.pk}/roll/"
    pages = [index, f"{page_of(lesson)}list/", f"{page_of(lesson)}screen/"]
    for user, status in (
        (make_staff(session.course.organiser), 200),
        (make_secretary(session.course.consortium), 403),
        (make_user(), 403),
    ):
        client.force_login(user)
        assert {client.get(page).status_code for page in pages} == {status}


def test_nothing_is_noted_before_the_lesson_or_after_the_session(client: Client) -> None:
    session = make_session(days=5, lessons=1)
    lesson = session.lessons.get()
    assert session.course.organiser
    client.force_login(make_staff(session.course.organiser))
    assert client.get(f"{page_of(lesson)}list/").status_code == 403
    over = begun()
    type(over.session).objects.filter(pk=over.session.pk).update(state="finished")
    assert over.session.course.organiser
    client.force_login(make_staff(over.session.course.organiser))
    assert client.get(f"{page_of(over)}list/").status_code == 403


def test_the_database_keeps_one_mark_a_learner_and_lesson() -> None:
    lesson = begun()
    enrolment = make_enrolment(lesson.session)
    Mark.objects.create(lesson=lesson, enrolment=enrolment, was="here", how="code")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(lesson=lesson, enrolment=enrolment, was="absent", how="list")
    assert Mark.objects.count() == 1
