import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.courses.tests.factories import make_course
from silian.education.needs import services
from silian.education.needs.models import Need, Pool
from silian.education.standards.tests.factories import make_skill
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of

pytestmark = pytest.mark.django_db


def home(consortium: Consortium) -> str:
    return f"/{consortium.slug}/courses/requests/"


def make_school(consortium: Consortium) -> Organisation:
    return make_membership(consortium, make_organisation(Organisation.Kind.COLLEGE)).organisation


def make_need(consortium: Consortium, **subject: object) -> Need:
    subject = subject or {"skill": make_skill(), "occupation": None}
    return services.ask(Need(people=3), consortium, by=make_user(), **subject)  # type: ignore[arg-type]


def test_like_requests_are_pooled_and_answered_with_a_course(client: Client) -> None:
    consortium = make_consortium()
    school = make_school(consortium)
    teacher = make_staff(school)
    skill = make_skill(name_zh="激光焊接")
    firm = make_membership(consortium).organisation
    staff, person = make_staff(firm), make_user()
    client.force_login(staff)
    typed = {"organisation": firm.pk, "people": 12, "note": "夜班也要能上"}
    text = client.post(f"{home(consortium)}new/", typed).text
    assert "Choose a skill or an occupation." in text and "夜班也要能上" in text
    client.post(f"{home(consortium)}new/", typed | {"skill": skill.pk})
    client.force_login(person)
    client.post(f"{home(consortium)}new/", {"people": 1, "skill": skill.pk})
    client.post(f"{home(consortium)}new/", {"people": 2, "skill": skill.pk})  # thought again
    pool = Pool.objects.get()
    listing = client.get(home(consortium)).context["listing"]
    assert [(row.people, row.askers) for row in listing.shown] == [(14, 2)]
    assert Notice.objects.filter(to=teacher, message__contains="nobody offers").count() == 1
    assert any("nobody offers" in todo.label for todo in todos_of(teacher))
    client.force_login(teacher)
    page = pool.get_absolute_url()
    assert "夜班也要能上" in client.get(page).text
    client.post(f"{page}take/", {"organisation": school.pk})
    assert "prepares a course" in Notice.objects.filter(to=person).latest("pk").text
    assert client.post(f"{page}answer/").status_code == 403  # nothing is published yet
    course = make_course(consortium, school)
    client.post(f"{page}answer/", {"course": course.pk})
    pool.refresh_from_db()
    assert (pool.state, pool.course) == ("answered", course)
    for asker in (staff, person):
        assert course.title_en in Notice.objects.filter(to=asker).latest("pk").text
    client.force_login(staff)
    client.post(f"{home(consortium)}new/", typed | {"skill": skill.pk})
    assert Pool.objects.count() == 2  # asked for once more, after the answer


def test_an_occupation_stands_where_no_skill_is_named() -> None:
    consortium = make_consortium()
    turning = make_code(name_zh="车工")
    first = make_need(consortium, skill=None, occupation=turning)
    second = make_need(consortium, skill=None, occupation=turning)
    assert first.pool == second.pool
    elsewhere = make_need(make_consortium(), skill=None, occupation=turning)
    assert elsewhere.pool != first.pool
    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.create(consortium=consortium, occupation=turning)


def test_strangers_see_how_many_and_not_who(client: Client) -> None:
    consortium = make_consortium()
    need = make_need(consortium)
    Need.objects.filter(pk=need.pk).update(note="不要外传")
    page = need.pool.get_absolute_url()
    for user in (make_user(), make_staff(make_organisation())):
        client.force_login(user)
        text = client.get(page).text
        assert "不要外传" not in text and need.by.name not in text
        for verb in ("take/", "answer/", "give-back/"):
            assert client.post(page + verb).status_code == 403
        assert client.post(f"{page}{need.pk}/withdraw/").status_code == 404
    client.force_login(make_secretary(consortium))
    text = client.get(page).text
    assert "不要外传" in text and need.by.name not in text
    assert client.post(f"{page}{need.pk}/withdraw/").status_code == 403
    client.logout()
    assert "不要外传" not in client.get(page).text


def test_what_was_taken_up_comes_back_and_what_nobody_wants_closes(client: Client) -> None:
    consortium = make_consortium()
    school = make_school(consortium)
    need = make_need(consortium)
    page = need.pool.get_absolute_url()
    client.force_login(make_staff(school))
    client.post(f"{page}take/", {"organisation": school.pk})
    client.post(f"{page}give-back/")
    pool = Pool.objects.get()
    assert (pool.state, pool.taken_by) == ("open", None)
    client.force_login(need.by)
    client.post(f"{page}{need.pk}/withdraw/")
    pool.refresh_from_db()
    assert pool.state == "closed"


def test_the_list_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    consortium = make_consortium()
    client.force_login(make_secretary(consortium))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_need(consortium)
        client.get(home(consortium))
        with CaptureQueriesContext(connection) as found:
            client.get(home(consortium))
        counts.append(len(found))
    assert counts[0] == counts[1]
