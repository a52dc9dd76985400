from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.charters.tests.factories import other_todos
from silian.governance.members.models import Membership
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.industry.demand import services
from silian.industry.demand.imports import Positions
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices.models import Notice
from silian.kernel.sheets.registry import Row

pytestmark = pytest.mark.django_db
State = Position.State


def entered(**changes: object) -> dict[str, object]:
    """What somebody types into the form."""
    rows = {"skills-TOTAL_FORMS": 2, "skills-INITIAL_FORMS": 0}
    return {"kind": "employment", "title_zh": "焊工", "places": 2, "education": 0, **rows} | changes


def test_a_need_goes_from_draft_to_published(client: Client) -> None:
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    staff, secretary = make_staff(employer), make_secretary(consortium)
    skill = Skill.objects.create(name_zh="电焊")
    home = f"/{consortium.slug}/demand/"

    client.force_login(staff)
    client.post(
        f"{home}new/",
        entered(organisation=employer.pk) | {"skills-0-skill": skill.pk, "skills-0-level": 3},
    )
    position = Position.objects.get()
    assert position.state == State.DRAFT
    assert position.skill_needs.get().level == 3
    assert client.post(f"{home}{position.pk}/submit/").status_code == 403

    rest = {
        "occupation": make_code().code,
        "region": make_code(CodeList.Kind.REGION).code,
        "starts_on": clock.today() + timedelta(days=9),
        "contact_name": "王经理",
        "submit": 1,
    }
    client.post(f"{home}{position.pk}/edit/", entered(organisation=employer.pk, **rest))
    position.refresh_from_db()
    assert position.state == State.SUBMITTED
    assert not position.skill_needs.exists()
    assert Notice.objects.filter(to=secretary).count() == 1

    client.force_login(secretary)
    assert [todo.count for todo in other_todos(secretary)] == [1]
    client.post(f"{home}{position.pk}/return/", {"reason": ""})
    position.refresh_from_db()
    assert position.state == State.SUBMITTED
    client.post(f"{home}{position.pk}/return/", {"reason": "Pay is missing"})
    client.force_login(staff)
    assert "Pay is missing" in client.get(f"{home}{position.pk}/").text
    assert [todo.count for todo in other_todos(staff)] == [1]
    client.post(f"{home}{position.pk}/submit/")
    client.force_login(secretary)
    client.post(f"{home}{position.pk}/publish/")
    position.refresh_from_db()
    assert (position.state, position.remark) == (State.PUBLISHED, "")
    client.logout()
    page = client.get(f"{home}{position.pk}/").text
    assert '"@type": "JobPosting"' in page
    assert "焊工" in client.get(home).text


def test_a_bad_form_says_where_and_loses_nothing(client: Client) -> None:
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    client.force_login(make_staff(employer))
    skill = Skill.objects.create(name_zh="电焊")
    wrong = {"pay_low": 9000, "pay_high": 100, "address": "Dock 7", "submit": 1}
    twice = {
        f"skills-{row}-{name}": value
        for row in (0, 1)
        for name, value in {"skill": skill.pk, "level": 2}.items()
    }
    page = client.post(
        f"/{consortium.slug}/demand/new/", entered(organisation=employer.pk, **wrong) | twice
    )
    assert "below the lower end" in page.text
    assert "Needed before the position can be handed in" in page.text
    assert "listed twice" in page.text
    assert "Dock 7" in page.text
    assert not Position.objects.exists()


@pytest.mark.parametrize("state", State.values)
def test_who_sees_a_position(client: Client, state: str) -> None:
    position = make_position(state=state)
    page = f"/{position.consortium.slug}/demand/{position.pk}/"
    public = state in (State.PUBLISHED, State.CLOSED)
    people = {
        "owner": make_staff(position.organisation),
        "secretary": make_secretary(position.consortium),
        "stranger": make_staff(make_membership(position.consortium).organisation),
        "other secretary": make_secretary(make_consortium()),
        "anonymous": None,
    }
    seen = {}
    for who, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        seen[who] = client.get(page).status_code == 200
    assert seen == {
        "owner": True,
        "secretary": state != State.DRAFT,
        "stranger": public,
        "other secretary": public,
        "anonymous": public,
    }


def test_strangers_can_change_nothing(client: Client) -> None:
    position = make_position()
    home = f"/{position.consortium.slug}/demand/"
    client.force_login(make_staff(make_membership(position.consortium).organisation))
    for verb in ("submit", "withdraw", "publish", "return", "close", "confirm", "copy"):
        assert client.post(f"{home}{position.pk}/{verb}/", {"reason": "x"}).status_code == 403
    assert client.get(f"{home}{position.pk}/edit/").status_code == 403
    assert client.get(f"{home}review/").status_code == 403
    other = make_consortium()
    assert client.get(f"/{other.slug}/demand/{position.pk}/").status_code == 404
    assert client.get(f"/{other.slug}/demand/new/").status_code == 403


def test_only_current_members_state_positions(client: Client) -> None:
    consortium = make_consortium()
    member = make_membership(consortium, state=Membership.State.SUSPENDED)
    client.force_login(make_staff(member.organisation))
    assert client.get(f"/{consortium.slug}/demand/new/").status_code == 403


def test_copy_confirm_and_close() -> None:
    position = make_position(confirmed_on=clock.today() - timedelta(days=200))
    staff = make_staff(position.organisation)
    position.programmes.add(make_code(CodeList.Kind.PROGRAMME))
    assert [todo.label for todo in other_todos(staff)] == ["Positions to confirm or close"]
    services.confirm_position(position, by=staff)
    assert not other_todos(staff)
    draft = services.copy_position(position, by=staff)
    assert (draft.state, draft.published_at, draft.programmes.count()) == (State.DRAFT, None, 1)
    services.close_position(position, reason="Filled", by=make_user())
    assert position.remark == "Filled"
    assert Notice.objects.filter(to=staff).count() == 1


def test_the_database_keeps_incomplete_positions_drafts() -> None:
    position = make_position(state=State.DRAFT, occupation=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.submit_position(position, by=make_user())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=lathe", ["a"]),
        ("q=Cutting", ["a"]),
        ("kind=internship", ["b"]),
        ("pay=7000", ["a"]),
        ("education=2", ["b"]),
        ("sort=-pay", ["a", "b"]),
    ],
)
def test_the_hall_is_filtered(client: Client, query: str, found: list[str]) -> None:
    consortium = make_consortium()
    a = make_position(consortium, title_en="Lathe a", pay_low=6000, pay_high=8000, education=3)
    b = make_position(consortium, title_en="Nurse b", kind="internship", pay_low=3000)
    make_position(consortium, state=State.DRAFT, title_en="Lathe draft")
    services.save_position(
        a,
        skills={Skill.objects.create(name_zh="切削", name_en="Cutting"): 2},
        programmes=[],
        by=make_user(),
    )
    page = client.get(f"/{consortium.slug}/demand/?{query}")
    shown = [row.record.pk for row in page.context["listing"].current]
    assert shown == [{"a": a.pk, "b": b.pk}[name] for name in found]


def test_the_hall_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    consortium = make_consortium()
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_position(consortium)
        client.get(f"/{consortium.slug}/demand/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(f"/{consortium.slug}/demand/?page=1")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_pages_in_chinese(client: Client) -> None:
    position = make_position()
    client.cookies["django_language"] = "zh-hans"
    for page in ("", f"{position.pk}/"):
        text = client.get(f"/{position.consortium.slug}/demand/{page}").text
        assert "岗位" in text


def test_import_makes_drafts_of_the_one_member(client: Client) -> None:
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    staff = make_staff(employer)
    make_code(code="6-18-01-07", name_zh="车工")
    region = make_code(CodeList.Kind.REGION, name_zh="龙湾区")
    sheet = Positions()
    form = sheet.form(consortium)
    row = {
        "title_zh": "车工",
        "kind": "employment",
        "occupation": "6-18-01-07",
        "places": 3,
        "region": region.name_zh,
        "starts_on": "2027-07-01",
        "contact_name": "王",
    }
    filled = type(form)(row)
    assert filled.is_valid(), filled.errors
    assert sheet.permitted(staff, consortium)
    assert not sheet.permitted(make_user(), consortium)
    rows = [Row(2, filled.cleaned_data)]
    assert sheet.save(rows, consortium, by=staff, progress=lambda done: None) == 1
    assert Position.objects.get().organisation == employer
    with pytest.raises(ValidationError):
        sheet.save(rows, consortium, by=make_user(), progress=lambda done: None)
