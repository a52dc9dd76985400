"""What each person finds after signing in: their work first, then where to go."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_application,
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.governance.roles.services import grant_role
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.kernel.accounts.models import User
from silian.portal.tests.factories import EVERYONE
from silian.portal.tests.pages import dead_links, main, menu, text
from silian.portal.workspaces import workspace_of
from silian.talent.profiles.tests.factories import make_student
from silian.talent.wishes.tests.factories import make_open_round

pytestmark = pytest.mark.django_db
WORKSPACE = reverse("portal:workspace")
TITLES = {
    "secretary": ("Secretariat of Mingshui", "明水秘书处"),
    "expert": ("Expert", "专家"),
    "student": ("Student", "学生"),
    "system": ("System administrator", "系统管理员"),
    "security": ("Security administrator", "安全管理员"),
    "audit": ("Auditor", "审计管理员"),
    "nobody": ("Welcome", "欢迎"),
}


@pytest.fixture
def consortium() -> Consortium:
    names = {"short_name_zh": "明水", "short_name_en": "Mingshui", "name_en": "Mingshui Park"}
    return make_consortium("mingshui", **names)


def open_workspace(client: Client, user: User, language: str = "en") -> str:
    client.force_login(user)
    page = client.get(WORKSPACE, headers={"accept-language": language})
    assert page.status_code == 200
    return text(page)


def heading(word: str) -> str:
    return f'<h1 class="page-title">{word}</h1>'


def test_a_stranger_signs_in_first(client: Client) -> None:
    page = client.get(WORKSPACE)
    assert page.status_code == 302
    assert page.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("who", EVERYONE)
def test_everybody_finds_their_own_workspace(
    client: Client, consortium: Consortium, who: str
) -> None:
    user = EVERYONE[who](consortium)
    for language, title in zip(
        ("en", "zh-hans"), TITLES.get(who, ("Our unit", "本单位")), strict=True
    ):
        assert heading(title) in open_workspace(client, user, language)


@pytest.mark.parametrize("who", EVERYONE)
def test_every_link_leads_its_reader_to_a_page(
    client: Client, consortium: Consortium, who: str
) -> None:
    make_position(consortium)
    make_open_round((), consortium=consortium)
    client.force_login(EVERYONE[who](consortium))
    page = client.get(WORKSPACE)
    assert not dead_links(client, main(page) + menu(page))


@pytest.mark.parametrize("who", EVERYONE)
def test_what_waits_stands_first(client: Client, consortium: Consortium, who: str) -> None:
    page = open_workspace(client, EVERYONE[who](consortium))
    assert "Waiting for you" in page
    places = [page.find(word) for word in ("silian-stat-value", 'id="doors"')]
    others = [place for place in places if place > 0]
    assert page.index('id="waiting"') < min(others, default=len(page))
    waiting = "Adopt a charter" if who == "secretary" else "Nothing waits for you."
    assert waiting in page


def test_the_secretariat_sees_what_it_has_to_review(client: Client, consortium: Consortium) -> None:
    make_application(consortium)
    make_position(consortium, state=Position.State.SUBMITTED)
    make_application(make_consortium())
    secretary = make_secretary(consortium)
    page = open_workspace(client, secretary)
    assert "Nothing waits for you." not in page
    assert reverse("members:member_index", args=[consortium]) + "?state=applied" in page
    applications, positions, members, *_others = workspace_of(
        secretary, secretary.roles.get()
    ).tiles
    assert [applications.value, positions.value, members.value] == [1, 1, 1]


def test_an_enterprise_sees_its_own_positions_counted(consortium: Consortium) -> None:
    recruiter = EVERYONE["enterprise"](consortium)
    firm = Organisation.objects.get(roles__user=recruiter)
    for state in ("published", "published", "submitted", "draft", "returned", "closed"):
        make_position(consortium, firm, state=state)
    make_position(consortium)
    tiles = workspace_of(recruiter, recruiter.roles.get()).tiles
    assert [tile.value for tile in tiles] == [2, 1, 2, 0]


def test_a_school_sees_its_own_students_counted(consortium: Consortium) -> None:
    registrar = EVERYONE["school"](consortium)
    school = Organisation.objects.get(roles__user=registrar)
    make_student(school)
    make_student(school, user=None)
    make_student()
    tiles = workspace_of(registrar, registrar.roles.get()).tiles
    assert [tile.value for tile in tiles] == [2, 1, 0, 0]


def test_an_organisation_that_belongs_nowhere_has_a_workspace(client: Client) -> None:
    for kind in Organisation.Kind.values:
        client.force_login(make_staff(make_organisation(kind), Role.Kind.MANAGER))
        page = client.get(WORKSPACE)
        assert page.status_code == 200
        assert not dead_links(client, main(page))


def test_whoever_holds_two_roles_looks_through_the_chosen_one(
    client: Client, consortium: Consortium
) -> None:
    user = make_secretary(consortium)
    firm = make_organisation(name_en="Second desk")
    second = grant_role(user, kind=Role.Kind.MANAGER, organisation=firm, by=None)
    assert heading("Secretariat of Mingshui") in open_workspace(client, user)
    client.post(reverse("roles:act", args=[second.pk]))
    assert heading("Second desk") in open_workspace(client, user)


@pytest.mark.parametrize("who", ["enterprise", "school", "student", "government"])
def test_a_workspace_asks_the_same_with_many_rows(
    client: Client, consortium: Consortium, who: str
) -> None:
    user = EVERYONE[who](consortium)
    unit = Organisation.objects.get(roles__user=user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            open_workspace(client, user)
        return len(found)

    def grow() -> None:
        other = make_consortium()
        make_membership(other, unit)
        make_position(other, unit)
        make_open_round((), consortium=other)

    grow()
    queries()
    few = queries()
    for _ in range(3):
        grow()
    assert queries() == few
