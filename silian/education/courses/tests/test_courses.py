from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.courses.models import Course, Session
from silian.education.courses.tests.factories import make_course, make_lesson, make_session
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.calendars.events import events_of
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.search.services import reindex

pytestmark = pytest.mark.django_db


def home(consortium: Consortium) -> str:
    return f"/{consortium.slug}/courses/"


def typed_session(**more: object) -> dict[str, object]:
    today = clock.today()
    day = today + timedelta(days=30)
    facts: dict[str, object] = {
        "place_zh": "实训楼",
        "places_min": 5,
        "places_max": 20,
        "enrol_from": today,
        "enrol_until": today + timedelta(days=20),
        "price_member": "600",
        "free_days": 7,
        "late_percent": 50,
        "lessons-TOTAL_FORMS": 2,
        "lessons-INITIAL_FORMS": 0,
        "lessons-0-starts_at": f"{day}T09:00",
        "lessons-0-ends_at": f"{day}T12:00",
        "lessons-0-hours": 4,
        "lessons-1-starts_at": f"{day}T14:00",
        "lessons-1-ends_at": f"{day}T17:00",
        "lessons-1-hours": 4,
    }
    return facts | more


def test_a_school_offers_a_course_and_opens_a_session(client: Client) -> None:
    consortium = make_consortium()
    school = make_membership(consortium, make_organisation(Organisation.Kind.COLLEGE)).organisation
    staff = make_staff(school)
    client.force_login(staff)
    typed = {
        "organiser": school.pk,
        "kind": "upskilling",
        "title_zh": "数控车削提高班",
        "hours": 0,
        "attended_percent": 80,
    }
    text = client.post(f"{home(consortium)}new/", typed).text
    assert "数控车削提高班" in text and "Must be more than 0." in text
    client.post(f"{home(consortium)}new/", typed | {"hours": 24})
    course = Course.objects.get()
    page = course.get_absolute_url()
    assert "Aims and syllabus are still missing." in client.get(page).text
    assert client.post(f"{page}do/publish/").status_code == 403
    full = typed | {"hours": 24, "about_zh": "会编程", "syllabus_zh": "# 安全"}
    client.post(f"{page}edit/", full)
    client.post(f"{page}do/publish/")
    wrong = typed_session(**{"lessons-1-starts_at": typed_session()["lessons-0-starts_at"]})
    text = client.post(f"{page}sessions/new/", wrong).text
    assert "It begins before another lesson has ended." in text and "实训楼" in text
    client.post(f"{page}sessions/new/", typed_session())
    session = Session.objects.get()
    assert (session.state, session.number, session.lessons.count()) == ("draft", 1, 2)
    assert session.starts_on == clock.today() + timedelta(days=30)
    assert any("Open the enrolment" in todo.label for todo in todos_of(staff))
    client.post(f"{home(consortium)}sessions/{session.pk}/open/")
    client.logout()
    assert "数控车削提高班" in client.get(home(consortium)).text
    assert '"@type": "CourseInstance"' in client.get(page).text
    assert client.get(session.get_absolute_url()).status_code == 200


def test_drafts_are_seen_by_their_organiser_and_the_secretariat_alone(client: Client) -> None:
    course = make_course(state="draft")
    session = make_session(course, state="draft")
    pages = (course.get_absolute_url(), session.get_absolute_url())
    outsiders = [
        make_staff(make_membership(course.consortium).organisation),
        make_staff(make_membership(make_consortium()).organisation),
    ]
    for outsider in outsiders:
        client.force_login(outsider)
        assert {client.get(page).status_code for page in pages} == {404}
        assert client.post(f"{pages[0]}do/publish/").status_code == 404
    assert course.organiser
    for insider in (make_staff(course.organiser), make_secretary(course.consortium)):
        client.force_login(insider)
        assert {client.get(page).status_code for page in pages} == {200}
    assert client.get(f"{pages[0]}edit/").status_code == 403  # the secretariat reads
    Course.objects.filter(pk=course.pk).update(state="published", published_at=clock.now())
    Session.objects.filter(pk=session.pk).update(state="open")
    for outsider in outsiders:
        client.force_login(outsider)
        assert {client.get(page).status_code for page in pages} == {200}
        assert client.get(f"{pages[0]}edit/").status_code == 403
        assert (
            client.get(f"{home(course.consortium)}sessions/{session.pk}/edit/").status_code == 403
        )


def test_the_catalogue_is_filtered(client: Client) -> None:
    consortium = make_consortium()
    turning = make_code(name_zh="车工")
    dear = make_course(consortium, title_zh="高级车削", occupation=turning, level="3")
    make_session(
        dear, days=40, price_person=3000, price_member=2800, price_other=3300, price_government=2500
    )
    cheap = make_course(consortium, title_zh="安全培训", kind="safety")
    make_session(cheap, days=3)
    make_course(consortium, title_zh="已停办", state="withdrawn")
    reindex(Course)
    today = clock.today()

    def found(query: str) -> list[str]:
        listing = client.get(f"{home(consortium)}?{query}").context["listing"]
        return [course.title_zh for course in listing.shown]

    assert found("") == ["安全培训", "高级车削"]
    assert found(f"occupation={turning.code}") == ["高级车削"]
    assert found("level=3") == found("q=高级") == found(f"organiser={dear.organiser_id}")
    assert found("kind=safety") == found("price=1000") == ["安全培训"]
    assert found(f"since={today + timedelta(days=10)}") == ["高级车削"]
    assert found(f"until={today + timedelta(days=10)}") == ["安全培训"]
    assert client.get("/search/?q=高级车削").context["everything"] == 1
    assert cheap.title_en in client.get(f"{home(consortium)}?export=csv").text


def test_new_times_are_told_and_lessons_stand_in_calendars(client: Client) -> None:
    teacher = make_user()
    session = make_session(teacher=teacher)
    course = session.course
    assert course.organiser
    Role.objects.create(user=teacher, kind="teacher", organisation=course.organiser)
    assert [event.key for event in events_of(teacher)] == [
        f"lesson-{lesson.pk}" for lesson in session.lessons.all()
    ]
    client.force_login(make_staff(course.organiser))
    first, second = session.lessons.all()
    day = session.starts_on
    typed = typed_session(teachers=[teacher.pk]) | {
        "lessons-INITIAL_FORMS": 2,
        "lessons-0-id": first.pk,
        "lessons-0-starts_at": f"{day}T08:00",
        "lessons-0-ends_at": f"{day}T12:00",
        "lessons-1-id": second.pk,
        "lessons-1-DELETE": "on",
    }
    page = f"{home(course.consortium)}sessions/{session.pk}/edit/"
    assert client.post(page, typed).status_code == 302
    assert list(session.lessons.values_list("pk", flat=True)) == [first.pk]
    assert "new times" in Notice.objects.get(to=teacher).text
    client.logout()
    assert f"lesson-{first.pk}" in client.get(f"{home(course.consortium)}calendar.ics").text
    assert (
        f"lesson-{first.pk}"
        in client.get(f"{home(course.consortium)}sessions/{session.pk}.ics").text
    )
    assert client.get(f"{home(course.consortium)}calendar/").json()[0]["title"]


def test_the_database_keeps_lessons_apart() -> None:
    session = make_session(lessons=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_lesson(session, session.starts_on)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert session.lessons.count() == 1


def test_a_body_without_lead_unit_cannot_answer_for_a_course(client: Client) -> None:
    consortium = make_consortium()
    secretary = make_secretary(consortium)
    client.force_login(secretary)
    typed = {"kind": "safety", "title_zh": "安全", "hours": 8, "attended_percent": 0}
    client.post(f"{home(consortium)}new/", typed | {"about_zh": "安全", "syllabus_zh": "安全"})
    course = Course.objects.get()
    assert course.organiser is None
    assert "No lead unit can answer" in client.get(course.get_absolute_url()).text
    make_membership(consortium, part="lead")
    assert client.post(f"{course.get_absolute_url()}do/publish/").status_code == 302


def test_lists_ask_as_often_for_30_rows_as_for_one(client: Client) -> None:
    consortium = make_consortium()
    school = make_membership(consortium, make_organisation(Organisation.Kind.COLLEGE)).organisation
    client.force_login(make_staff(school))
    counts: dict[str, list[int]] = {"": [], "ours/": [], "sessions/": []}
    for more in (1, 29):
        for _ in range(more):
            make_session(make_course(consortium, school))
        for page, seen in counts.items():
            client.get(home(consortium) + page)
            with CaptureQueriesContext(connection) as asked:
                client.get(home(consortium) + page)
            seen.append(len(asked))
    assert {page: seen[0] - seen[1] for page, seen in counts.items()} == dict.fromkeys(counts, 0)
