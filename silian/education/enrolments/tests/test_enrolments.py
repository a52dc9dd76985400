from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.courses.models import Session
from silian.education.courses.tests.factories import make_course, make_session
from silian.education.enrolments import policy, services
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.tests.factories import make_enrolment, number_of
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.calendars.events import events_of
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.identity import set_number
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person

pytestmark = pytest.mark.django_db
State = Enrolment.State


def page_of(session: Session) -> str:
    return f"/{session.course.consortium.slug}/courses/sessions/{session.pk}/"


def make_learner(serial: int = 1, year: int = 1990) -> User:
    person = make_person()
    set_number(person, number_of(serial, year))
    person.save()
    assert person.user
    return person.user


def make_firm(session: Session) -> tuple[Organisation, User]:
    firm = make_membership(session.course.consortium).organisation
    return firm, make_staff(firm)


def organiser_of(session: Session) -> User:
    assert session.course.organiser
    return make_staff(session.course.organiser)


def test_a_person_enrols_once_and_sees_it(client: Client) -> None:
    session = make_session()
    user = make_user()
    client.force_login(user)
    page = f"{page_of(session)}enrol/"
    text = client.post(page, {"payer": "person", "number": "123", "agreed": "on"}).text
    assert "123" in text and not Enrolment.objects.exists()
    number = number_of(5)
    client.post(page, {"payer": "person", "number": number, "agreed": "on"})
    made = Enrolment.objects.get()
    assert (made.state, made.price, made.person.user) == ("enrolled", 800, user)
    assert made.person.id_masked == f"{number[:4]}**********{number[-4:]}"
    session.refresh_from_db()
    assert session.taken == 1
    assert client.get(page).status_code == 403
    assert session.course.title in client.get("/me/training/").text
    assert "My enrolment" in client.get(page_of(session)).text
    assert len(events_of(user)) == 2
    assert "There is a place" in Notice.objects.get(to=user).text


@pytest.mark.parametrize(
    "rule, right, wrong",
    [
        ({"min_age": 30}, {"year": 1980}, {"year": 2000}),
        ({"members_only": True}, {"member": True}, {}),
    ],
)
def test_the_rules_of_a_session_say_who_may_take_part(
    client: Client, rule: dict[str, object], right: dict[str, object], wrong: dict[str, object]
) -> None:
    session = make_session(**rule)
    for serial, (facts, allowed) in enumerate([(right, True), (wrong, False)], start=1):
        user = make_learner(serial, int(str(facts.get("year", 1990))))
        if facts.get("member"):
            firm, _staff = make_firm(session)
            user.roles.create(kind="teacher", organisation=firm)
        verdict = policy.may_enrol(user, session)
        assert bool(verdict) is allowed
        client.force_login(user)
        assert (verdict.reason in client.get(page_of(session)).text) or allowed
        assert (client.get(f"{page_of(session)}enrol/").status_code == 200) is allowed


def test_a_course_can_ask_for_another_one_before_it() -> None:
    before = make_course()
    session = make_session(make_course(before.consortium), after=before)
    user = make_learner()
    assert not policy.may_enrol(user, session)
    done = make_enrolment(make_session(before, days=-30), user.person, State.COMPLETED)
    assert policy.may_enrol(user, session)
    assert done.session.taken == 0  # read before the trigger counted
    done.session.refresh_from_db()
    assert done.session.taken == 1


def test_who_is_too_late_or_too_early_is_told(client: Client) -> None:
    today = clock.today()
    early = make_session(enrol_from=today + timedelta(days=2))
    late = make_session(enrol_from=today - timedelta(days=9), enrol_until=today - timedelta(days=1))
    client.force_login(make_learner())
    assert "Enrolment has not begun yet." in client.get(page_of(early)).text
    assert "Enrolment is closed." in client.get(page_of(late)).text


def test_the_waiting_list_moves_up_by_itself(client: Client) -> None:
    session = make_session(places_max=1)
    first, second, third = (make_learner(serial) for serial in (1, 2, 3))
    for user in (first, second, third):
        services.enrol_self(session, payer="person", by=user)
    states = [row.state for row in session.enrolments.order_by("pk")]
    assert states == ["enrolled", "waiting", "waiting"]
    client.force_login(third)
    assert "Place 2 in the line" in client.get("/me/training/").text
    client.force_login(first)
    own = session.enrolments.get(person__user=first)
    assert "Cancelling today is free." in client.get(f"{own.get_absolute_url()}cancel/").text
    client.post(f"{own.get_absolute_url()}cancel/", {"reason": "出差"})
    states = [row.state for row in session.enrolments.order_by("pk")]
    assert states == ["cancelled", "enrolled", "waiting"]
    assert "A place became free" in Notice.objects.filter(to=second).latest("pk").text
    organiser = organiser_of(session)
    services_session = Session.objects.get(pk=session.pk)
    services_session.places_max = 2
    from silian.education.courses.services import save_session  # noqa: PLC0415

    lessons = list(session.lessons.all())
    save_session(services_session, lessons=lessons, teachers=[], by=organiser)
    assert not session.enrolments.filter(state="waiting").exists()


def test_cancelling_late_costs_a_share_that_is_shown_before(client: Client) -> None:
    session = make_session(days=3, free_days=7, late_percent=50)
    user = make_learner()
    made = services.enrol_self(session, payer="person", by=user)
    client.force_login(user)
    assert "¥400" in client.get(f"{made.get_absolute_url()}cancel/").text
    client.post(f"{made.get_absolute_url()}cancel/")
    made.refresh_from_db()
    assert (made.state, made.cancel_fee, made.due) == ("cancelled", 400, 400)
    again = services.enrol_self(session, payer="person", by=user)
    services.cancel(again, by=organiser_of(session))
    again.refresh_from_db()
    assert again.due == 0  # the organiser's own doing


def test_a_firm_enrols_a_few(client: Client) -> None:
    session = make_session(places_max=1, min_age=18)
    firm, staff = make_firm(session)
    client.force_login(staff)
    page = f"{page_of(session)}enrol/{firm.pk}/"
    child, adult = number_of(1, clock.today().year - 10), number_of(2)
    typed = {
        "payer": "member",
        "people-TOTAL_FORMS": 2,
        "people-INITIAL_FORMS": 0,
        "people-0-name": "林小满",
        "people-0-number": child,
        "people-1-name": "周白露",
        "people-1-number": adult,
    }
    text = client.post(page, typed).text
    assert "Only from the age of 18." in text and "林小满" in text
    answer = client.post(page, typed | {"people-0-number": number_of(3)}, follow=True)
    assert "林小满" in answer.text and number_of(3) not in answer.text
    assert sorted(session.enrolments.values_list("state", "price")) == [
        ("enrolled", 600),
        ("waiting", 600),
    ]
    twice = typed | {"people-0-number": number_of(4), "people-1-number": number_of(4)}
    assert "twice" in client.post(page, twice).text
    inside = typed | {"people-0-number": number_of(4)}
    assert "already" in client.post(page, inside).text


def test_a_firm_cannot_learn_who_exists(client: Client) -> None:
    """The same sheet, with and without somebody elsewhere of this number, is answered alike."""
    answers = []
    for known, serial in ((False, 7), (True, 17)):
        session = make_session(places_max=5)
        if known:
            inside = make_learner(serial)
            Person.objects.filter(user=inside).update(name="林知秋")
            services.enrol_self(session, payer="person", by=inside)
            other = make_learner(serial + 1)
            Person.objects.filter(user=other).update(name="他人")
        firm, staff = make_firm(session)
        client.force_login(staff)
        typed = {
            "payer": "member",
            "people-TOTAL_FORMS": 2,
            "people-INITIAL_FORMS": 0,
            "people-0-name": "林知秋",
            "people-0-number": number_of(serial),
            "people-1-name": "何谷雨",
            "people-1-number": number_of(serial + 1),
        }
        answer = client.post(f"{page_of(session)}enrol/{firm.pk}/", typed)
        rows = session.enrolments.filter(organisation=firm).order_by("pk")
        seen = [(row.person.name, row.state, bool(row.person.id_masked)) for row in rows]
        answers.append((answer.status_code, seen))
    assert answers[0] == answers[1] and len(answers[0][1]) == 2


def test_who_may_see_whom(client: Client) -> None:
    session = make_session()
    firm, staff = make_firm(session)
    theirs = make_enrolment(session, make_person(name="林白露"), organisation=firm)
    alone = make_enrolment(session, make_person(name="周谷雨"))
    roll = f"{page_of(session)}learners/"
    sees: list[tuple[User, set[str]]] = [
        (organiser_of(session), {"林白露", "周谷雨"}),
        (staff, {"林白露"}),
        (make_staff(make_organisation()), set()),
    ]
    for user, names in sees:
        client.force_login(user)
        text = client.get(roll).text
        assert {name for name in ("林白露", "周谷雨") if name in text} == names
        for row in (theirs, alone):
            status = client.get(row.get_absolute_url()).status_code
            assert status == (200 if row.person.name in names else 404)
            cancelled = client.get(f"{row.get_absolute_url()}cancel/").status_code
            assert cancelled == status
    client.force_login(make_secretary(session.course.consortium))
    assert client.get(roll).status_code == 403
    client.force_login(make_user())
    assert client.get(roll).status_code == 403
    client.logout()
    text = client.get(page_of(session)).text
    assert "林白露" not in text and "2 of 10 taken" in text


def test_a_session_is_cancelled_with_word_to_everybody(client: Client) -> None:
    teacher = make_user()
    session = make_session(teacher=teacher)
    firm, staff = make_firm(session)
    make_enrolment(session, make_person(user=None), organisation=firm)
    learner = make_learner()
    services.enrol_self(session, payer="person", by=learner)
    client.force_login(organiser_of(session))
    client.post(f"{page_of(session)}cancel/", {"reason": ""})
    session.refresh_from_db()
    assert session.state == "open"
    client.post(f"{page_of(session)}cancel/", {"reason": "教师生病"})
    session.refresh_from_db()
    assert (session.state, session.taken) == ("cancelled", 0)
    for user in (teacher, staff, learner):
        assert "教师生病" in Notice.objects.filter(to=user).latest("pk").text
    assert not [row for row in session.enrolments.all() if row.due]
    client.logout()
    assert "教师生病" in client.get(page_of(session)).text


def test_the_training_starts_with_enough_people(client: Client) -> None:
    session = make_session(days=0, places_min=2, places_max=2)
    organiser = organiser_of(session)
    client.force_login(organiser)
    make_enrolment(session)
    assert "Only 1 of at least 2" in client.get(page_of(session)).text
    assert client.post(f"{page_of(session)}start/").status_code == 403
    assert any("Too few people" in todo.label for todo in todos_of(organiser))
    make_enrolment(session)
    waiting = make_enrolment(session, state=State.WAITING)
    client.post(f"{page_of(session)}start/")
    waiting.refresh_from_db()
    session.refresh_from_db()
    assert (session.state, waiting.state) == ("running", "lapsed")


def test_the_database_never_overfills_a_session() -> None:
    session = make_session(places_max=1)
    kept = make_enrolment(session)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_enrolment(session)
    waiting = make_enrolment(session, state=State.WAITING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=waiting.pk).update(state=State.ENROLLED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.filter(pk=kept.pk).update(session=make_session())
    kept.delete()
    session.refresh_from_db()
    assert session.taken == 0


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """Each in a thread and a connection of its own."""

    def run(verb: Callable[[], object]) -> object:
        try:
            return verb()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_for_the_last_place() -> None:
    session = make_session(places_max=1)
    people = [make_learner(serial) for serial in (1, 2)]
    verbs = [
        lambda user=user: services.enrol_self(session, payer="person", by=user) for user in people
    ]
    made = at_once(*verbs)
    assert sorted(row.state for row in made) == ["enrolled", "waiting"]  # type: ignore[attr-defined]
    session.refresh_from_db()
    assert session.taken == 1
    first = session.enrolments.get(state="enrolled")
    third = make_learner(3)
    at_once(
        lambda: services.cancel(first, by=first.person.user),
        lambda: services.enrol_self(session, payer="person", by=third),
    )
    session.refresh_from_db()
    states = sorted(session.enrolments.values_list("state", flat=True))
    assert (session.taken, states) == (1, ["cancelled", "enrolled", "waiting"])
    assert session.enrolments.get(state="enrolled").person.user in people  # first come


def test_nothing_is_half_done_where_a_list_cannot_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_session()
    firm, staff = make_firm(session)
    Session.objects.filter(pk=session.pk).update(enrol_until=session.enrol_from)
    before = Person.objects.count()
    with pytest.raises(ValidationError):
        services.enrol_many(session, firm, [services.Entry("甲", number_of(1), "member")], by=staff)
    assert (Person.objects.count(), Enrolment.objects.count()) == (before, 0)


def test_the_list_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    session = make_session(places_max=40)
    user = make_learner()
    client.force_login(organiser_of(session))
    learning = Client()
    learning.force_login(user)
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_enrolment(session)
            make_enrolment(make_session(session.course), user.person)
        for browser, page in (
            (client, f"{page_of(session)}learners/"),
            (learning, "/me/training/"),
        ):
            browser.get(page)
            with CaptureQueriesContext(connection) as found:
                browser.get(page)
            counts.append(len(found))
    assert counts[:2] == counts[2:]


def test_money_is_exact() -> None:
    session = make_session(days=1, price_person=Decimal("333.33"), late_percent=33)
    made = make_enrolment(session, price=Decimal("333.33"))
    assert policy.cancel_fee(made, clock.today()) == Decimal("110.00")
