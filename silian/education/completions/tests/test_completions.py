from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.completions import services
from silian.education.completions.models import Completion
from silian.education.completions.policy import standings
from silian.education.completions.tests.factories import make_completion
from silian.education.courses.models import Session
from silian.education.courses.tests.factories import make_course, make_session
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.tests.factories import make_enrolment
from silian.education.feedback.models import Filled
from silian.education.rollcalls.models import Mark
from silian.governance.members.tests.factories import (
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.plans.models import Target
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.events import AchievementEarned, achievement_earned
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[AchievementEarned]]:
    """What is told upward."""
    facts: list[AchievementEarned] = []

    def listen(sender: Any, fact: AchievementEarned, **more: Any) -> None:
        facts.append(fact)

    achievement_earned.connect(listen)
    yield facts
    achievement_earned.disconnect(listen)


def page_of(session: Session) -> str:
    return f"/{session.course.consortium.slug}/courses/sessions/{session.pk}/result/"


def over(**fields: object) -> Session:
    """A session that runs and has had its last lesson, of a course of two lessons."""
    return make_session(make_course(**fields), days=-3, state="running")


def organiser_of(session: Session) -> User:
    assert session.course.organiser
    return make_staff(session.course.organiser)


def attend(enrolment: Enrolment, lessons: int) -> None:
    for lesson in enrolment.session.lessons.all()[:lessons]:
        Mark.objects.create(lesson=lesson, enrolment=enrolment, was="here", how="list")


def test_many_are_completed_at_once_and_who_is_not_learns_why(
    client: Client, heard: list[AchievementEarned]
) -> None:
    session = over(attended_percent=80, asks_feedback=True)
    organiser = organiser_of(session)
    whole, half, silent = (make_enrolment(session) for _ in range(3))
    for enrolment, lessons in ((whole, 2), (half, 1), (silent, 2)):
        attend(enrolment, lessons)
    for enrolment in (whole, half):
        Filled.objects.create(enrolment=enrolment)
    assert any("Finish" in todo.label for todo in todos_of(organiser))
    client.force_login(organiser)
    text = client.get(page_of(session)).text
    assert "50% of the hours attended, 80% asked" in text
    assert "Satisfaction form not filled in" in text
    client.post(f"{page_of(session)}complete/")
    assert [one.state for one in Enrolment.objects.order_by("pk")] == [
        "completed",
        "enrolled",
        "enrolled",
    ]
    (fact,) = heard
    completion = Completion.objects.get()
    assert fact.source == f"completions.Completion:{completion.pk}"
    assert (fact.family, fact.person_id, fact.hours, fact.holds) == (
        "training",
        whole.person_id,
        8,
        True,
    )
    assert fact.issuer_id == session.course.organiser_id
    client.post(f"{page_of(session)}{half.pk}/pass/", {"reason": ""})
    assert Completion.objects.count() == 1
    client.post(f"{page_of(session)}{half.pk}/pass/", {"reason": "因公缺课,已补课"})
    assert Completion.objects.get(enrolment=half).reason == "因公缺课,已补课"
    client.post(f"{page_of(session)}finish/")
    silent.refresh_from_db()
    session.refresh_from_db()
    assert (session.state, silent.state) == ("finished", "failed")
    Filled.objects.create(enrolment=silent)
    client.post(f"{page_of(session)}complete/")  # the form came in afterwards
    silent.refresh_from_db()
    assert silent.state == "completed"


def test_a_completion_is_taken_back_with_a_reason(
    client: Client, heard: list[AchievementEarned]
) -> None:
    session = over()
    enrolment = make_enrolment(session)
    attend(enrolment, 2)
    organiser = organiser_of(session)
    services.complete_all(session, by=organiser)
    client.force_login(organiser)
    client.post(f"{page_of(session)}{enrolment.pk}/withdraw/", {"reason": "签到有误"})
    enrolment.refresh_from_db()
    assert enrolment.state == "failed"
    assert [fact.holds for fact in heard] == [True, False]
    assert heard[0].source == heard[1].source
    assert not Completion.objects.standing().exists()


def test_nobody_is_completed_before_the_last_lesson(client: Client) -> None:
    session = make_session(days=0, lessons=3, state="running")
    enrolment = make_enrolment(session)
    attend(enrolment, 3)
    client.force_login(organiser_of(session))
    assert client.post(f"{page_of(session)}complete/").status_code == 403
    assert standings(session)[0].ready


def test_who_may_complete(client: Client) -> None:
    teacher = make_user()
    session = over()
    session.teachers.add(teacher)
    attend(make_enrolment(session), 2)
    for user, seen in (
        (teacher, 200),
        (make_staff(make_organisation()), 403),
        (make_secretary(session.course.consortium), 403),
    ):
        client.force_login(user)
        assert client.get(page_of(session)).status_code == seen
        assert client.post(f"{page_of(session)}complete/").status_code == 403
        assert client.post(f"{page_of(session)}finish/").status_code == 403


def test_a_year_counts_a_person_once_and_each_session_once(client: Client) -> None:
    first = make_session()
    course = first.course
    second = make_session(course)
    firm = make_membership(course.consortium).organisation
    person, other = make_person(), make_person()
    done = Enrolment.State.COMPLETED
    make_completion(make_enrolment(first, person, done))
    make_completion(make_enrolment(second, person, done, organisation=firm), hours=Decimal("6.5"))
    make_completion(make_enrolment(second, other, done, payer="government"))
    gone = make_completion(make_enrolment(first, other, done))
    Completion.objects.filter(pk=gone.pk).update(
        withdrawn_on=clock.today(), withdrawn_why="签到有误"
    )
    target = Target.objects.create(
        consortium=course.consortium, year=clock.today().year, name_zh="培训人数", low=2000
    )
    secretary = make_secretary(course.consortium)
    client.force_login(secretary)
    home = f"/{course.consortium.slug}/courses/year/"
    found = client.get(home).context["found"]
    assert (found.people, found.places, found.hours) == (2, 3, Decimal("22.5"))
    assert found.paid == {"person": 1, "member": 1, "other": 0, "government": 1}
    assert [(row.session.pk, row.people) for row in found.rows] == [(first.pk, 1), (second.pk, 2)]
    year = clock.today().year
    client.post(f"{home}{year}/target/", {"target": target.pk})
    client.post(f"{home}{year}/report/")
    target.refresh_from_db()
    assert target.reached == 2
    exported = client.get(f"{home}?export=csv").text
    assert "14.5" in exported and person.name not in exported
    assert client.get(f"{home}?export=xlsx").status_code == 200
    assert client.get(f"{home}?year={year - 1}").context["found"].people == 0
    client.force_login(make_staff(make_organisation()))
    assert client.get(home).status_code == 403
    assert client.post(f"{home}{year}/report/").status_code == 403


def test_names_are_for_organisers_and_those_who_sent_people(client: Client) -> None:
    session = make_session()
    firm = make_membership(session.course.consortium).organisation
    done = Enrolment.State.COMPLETED
    make_completion(make_enrolment(session, make_person(name="林白露"), done, organisation=firm))
    make_completion(make_enrolment(session, make_person(name="周谷雨"), done))
    page = f"/{session.course.consortium.slug}/courses/year/people/"
    for user, names in (
        (organiser_of(session), {"林白露", "周谷雨"}),
        (make_staff(firm), {"林白露"}),
        (make_staff(make_organisation()), set()),
        (make_secretary(session.course.consortium), set()),
    ):
        client.force_login(user)
        text = client.get(page).text
        assert {name for name in ("林白露", "周谷雨") if name in text} == names


def test_the_database_keeps_one_completion_a_place() -> None:
    completion = make_completion()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_completion(completion.enrolment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Completion.objects.filter(pk=completion.pk).update(withdrawn_on=clock.today())
    assert Completion.objects.standing().count() == 1


def test_lists_ask_as_often_for_30_rows_as_for_one(client: Client) -> None:
    session = make_session(days=-3, state="running", places_max=40)
    client.force_login(organiser_of(session))
    home = f"/{session.course.consortium.slug}/courses/year/"
    counts: dict[str, list[int]] = {page_of(session): [], home: [], f"{home}people/": []}
    for more in (1, 29):
        for _ in range(more):
            make_completion(make_enrolment(session, state=Enrolment.State.COMPLETED))
            elsewhere = make_session(session.course)
            make_completion(make_enrolment(elsewhere, state=Enrolment.State.COMPLETED))
        for page, seen in counts.items():
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                client.get(page)
            seen.append(len(asked))
    assert {page: seen[0] - seen[1] for page, seen in counts.items()} == dict.fromkeys(counts, 0)
