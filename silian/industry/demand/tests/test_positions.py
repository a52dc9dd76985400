import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from silian.governance.charters.tests.factories import other_todos
from silian.governance.members.models import Membership
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.industry.demand import services
from silian.industry.demand.imports import Positions
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.industry.demand.work import NEEDED_OF
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.notices.models import Notice
from silian.kernel.sheets.registry import Row
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
State, Kind = Position.State, Position.Kind


def entered(**changes: object) -> dict[str, Any]:
    """What somebody types into the form."""
    rows = {"skills-TOTAL_FORMS": 2, "skills-INITIAL_FORMS": 0}
    return {"title_zh": "焊工", "places": 2, "education": 0, **rows} | changes


def test_a_need_goes_from_draft_to_published(client: Client) -> None:
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    staff, secretary = make_staff(employer), make_secretary(consortium)
    skill = Skill.objects.create(name_zh="电焊")
    home = f"/{consortium.slug}/demand/"

    client.force_login(staff)
    client.post(
        f"{home}new/employment/",
        entered(organisation=employer.pk) | {"skills-0-skill": skill.pk, "skills-0-level": 3},
    )
    position = Position.objects.get()
    assert position.state == State.DRAFT
    assert position.skill_needs.get().level == 3
    assert client.post(f"{home}{position.pk}/submit/").status_code == 403
    assert "Still missing" in client.get(f"{home}{position.pk}/").text

    rest = {
        "occupation": make_code().code,
        "region": make_code(CodeList.Kind.REGION).code,
        "starts_on": clock.today() + timedelta(days=9),
        "pay_low": 6000,
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
    assert position.confirmed_on == clock.today()


@pytest.mark.parametrize("kind", Kind.values)
def test_the_form_asks_each_kind_for_what_it_needs(client: Client, kind: str) -> None:
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    client.force_login(make_staff(employer))
    address = f"/{consortium.slug}/demand/new/{kind}/"
    page = client.post(address, entered(organisation=employer.pk, submit=1))
    told = set(page.context["form"].errors)
    assert told == {*Position.NEEDED, *NEEDED_OF[kind]}
    shown = set(page.context["form"].fields)
    assert ("pay_low" in shown) == (kind in Position.PLACING)
    assert ("mentors" in shown) == (kind in Position.MENTORED)
    assert ("hours" in shown) == (kind in Position.TRAINING)

    days = {name: clock.today() + timedelta(days=at) for name, at in DAYS.items()}
    whole = entered(organisation=employer.pk, submit=1, contact_name="王", **days)
    whole |= {"occupation": make_code().code, "region": make_code(CodeList.Kind.REGION).code}
    whole |= {"pay_low": 5000, "shift": "day", "mentors": 2, "hours": 80, "duties_zh": "操作"}
    whole |= {"programmes": make_code(CodeList.Kind.PROGRAMME).code}
    client.post(address, whole)
    position = Position.objects.get()
    assert (position.kind, position.state) == (kind, State.SUBMITTED)
    assert position.missing() == []


DAYS = {"starts_on": 30, "ends_on": 200}


def test_no_such_kind(client: Client) -> None:
    consortium = make_consortium()
    client.force_login(make_staff(make_membership(consortium).organisation))
    assert client.get(f"/{consortium.slug}/demand/new/slavery/").status_code == 404


def test_a_draft_can_become_another_kind(client: Client) -> None:
    position = make_position(state=State.DRAFT)
    client.force_login(make_staff(position.organisation))
    address = f"/{position.consortium.slug}/demand/{position.pk}/edit/?kind=staff_training"
    assert "hours" in client.get(address).context["form"].fields
    client.post(address, entered(organisation=position.organisation_id, hours=16))
    position.refresh_from_db()
    assert (position.kind, position.hours) == (Kind.STAFF_TRAINING, 16)


def test_a_bad_form_says_where_and_loses_nothing(client: Client) -> None:
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    client.force_login(make_staff(employer))
    skill = Skill.objects.create(name_zh="电焊")
    wrong = {"pay_low": 9000, "pay_high": 100, "address": "Dock 7", "submit": 1}
    wrong |= {"open_until": clock.today() - timedelta(days=1)}
    twice = {
        f"skills-{row}-{name}": value
        for row in (0, 1)
        for name, value in {"skill": skill.pk, "level": 2}.items()
    }
    page = client.post(
        f"/{consortium.slug}/demand/new/employment/",
        entered(organisation=employer.pk, **wrong) | twice,
    )
    assert "below the lower end" in page.text
    assert "Needed before “Employment” can be handed in" in page.text
    assert "This day has passed" in page.text
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


def test_the_contact_is_for_whom_it_concerns(client: Client) -> None:
    position = make_position(contact_name="许听雨", contact_phone="19900000001")
    page = f"/{position.consortium.slug}/demand/{position.pk}/"
    member = make_membership(position.consortium).organisation
    student = make_user()
    Role.objects.create(user=student, kind=Role.Kind.STUDENT, organisation=member)
    people = {
        "owner": make_staff(position.organisation),
        "secretary": make_secretary(position.consortium),
        "member": make_staff(member),
        "student": student,
        "nobody's": make_user(),
        "elsewhere": make_staff(make_membership(make_consortium()).organisation),
        "anonymous": None,
    }
    seen = {}
    for who, user in people.items():
        client.logout()
        if user:
            client.force_login(user)
        text = client.get(page).text
        seen[who] = ("许听雨" in text, "19900000001" in text)
    yes, no = (True, True), (False, False)
    assert seen == {
        "owner": yes,
        "secretary": yes,
        "member": yes,
        "student": yes,
        "nobody's": no,
        "elsewhere": no,
        "anonymous": no,
    }
    assert "许听雨" not in client.get("/api/v1/positions").text


def test_strangers_can_change_nothing(client: Client) -> None:
    position = make_position()
    home = f"/{position.consortium.slug}/demand/"
    client.force_login(make_staff(make_membership(position.consortium).organisation))
    for verb in ("submit", "withdraw", "publish", "return", "close", "confirm", "reopen"):
        assert client.post(f"{home}{position.pk}/{verb}/", {"reason": "x"}).status_code == 403
    assert client.post(f"{home}{position.pk}/steal/").status_code == 404
    assert client.get(f"{home}{position.pk}/edit/").status_code == 403
    assert client.get(f"{home}review/").status_code == 403
    assert client.post(f"{home}review/decide/", {"position": position.pk}).status_code == 403
    other = make_consortium()
    assert client.get(f"/{other.slug}/demand/{position.pk}/").status_code == 404
    assert client.get(f"/{other.slug}/demand/new/employment/").status_code == 403


def test_only_current_members_state_positions(client: Client) -> None:
    consortium = make_consortium()
    member = make_membership(consortium, state=Membership.State.SUSPENDED)
    client.force_login(make_staff(member.organisation))
    assert client.get(f"/{consortium.slug}/demand/new/employment/").status_code == 403


def test_the_secretariat_decides_many_at_once(client: Client) -> None:
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    staff = make_staff(employer)
    waiting = [make_position(consortium, employer, state=State.SUBMITTED) for _ in range(3)]
    draft = make_position(consortium, employer, state=State.DRAFT)
    client.force_login(make_secretary(consortium))
    decide = f"/{consortium.slug}/demand/review/decide/"
    keys = [position.pk for position in waiting]
    assert client.post(decide, {"position": [*keys, draft.pk]}).status_code == 302
    states = dict(Position.objects.values_list("pk", "state"))
    assert {states[key] for key in keys} == {State.PUBLISHED}
    assert states[draft.pk] == State.DRAFT  # a draft is not seen, so it is not decided
    assert Notice.objects.filter(to=staff).count() == 3

    more = [make_position(consortium, employer, state=State.SUBMITTED).pk for _ in range(2)]
    client.post(decide, {"position": more, "return": 1, "reason": " "})
    assert Position.objects.filter(pk__in=more, state=State.SUBMITTED).count() == 2
    client.post(decide, {"position": more, "return": 1, "reason": "Where?"})
    assert Position.objects.filter(pk__in=more, state=State.RETURNED, remark="Where?").count() == 2
    page = client.post(decide, {"position": []}, follow=True)
    assert "Nothing was chosen" in page.text


def test_one_that_moved_meanwhile_stops_all(client: Client) -> None:
    consortium = make_consortium()
    waiting = [make_position(consortium, state=State.SUBMITTED) for _ in range(2)]
    Position.objects.filter(pk=waiting[1].pk).update(state=State.DRAFT)
    with pytest.raises(IllegalMove), transaction.atomic():
        services.publish_positions(waiting, by=make_secretary(consortium))
    assert not Position.objects.filter(state=State.PUBLISHED).exists()


def test_confirm_and_close() -> None:
    long_ago = clock.today() - timedelta(days=50)
    position = make_position(confirmed_on=long_ago, asked_on=long_ago + timedelta(days=30))
    staff = make_staff(position.organisation)
    services.confirm_position(position, by=staff)
    assert (position.confirmed_on, position.asked_on) == (clock.today(), None)
    services.close_position(position, reason="Filled", by=make_user())
    assert position.remark == "Filled"
    assert Notice.objects.filter(to=staff).count() == 1
    with pytest.raises(IllegalMove):
        services.confirm_position(position, by=staff)


@pytest.mark.parametrize(
    "wrong",
    [
        {"occupation": None},
        {"kind": Kind.EMPLOYMENT, "pay_low": None},
        {"kind": Kind.ORDER_CLASS, "mentors": None},
        {"kind": Kind.STAFF_TRAINING, "hours": None},
    ],
)
def test_the_database_keeps_incomplete_positions_drafts(wrong: dict[str, Any]) -> None:
    position = make_position(state=State.DRAFT, **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.submit_position(position, by=make_user())


def test_the_database_lowers_nothing_unasked() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_position(lowered_on=clock.today())
    with pytest.raises(IntegrityError), transaction.atomic():
        make_position(lapsed_on=clock.today())


def test_search_engines_read_a_job_posting(client: Client) -> None:
    position = make_position(pay_high=9000, contact_name="许听雨", shift="two")
    position.skill_needs.create(skill=Skill.objects.create(name_zh="电焊"))
    address = f"/{position.consortium.slug}/demand/{position.pk}/"
    posting = json_ld(client.get(address).text)
    assert posting["@type"] == "JobPosting"
    assert posting["hiringOrganization"]["name"] == position.organisation.name
    assert posting["baseSalary"]["value"]["minValue"] == 5000
    assert posting["validThrough"] == (clock.today() + timedelta(days=60)).isoformat()
    assert posting["jobLocation"]["address"]["addressCountry"] == "CN"
    assert posting["skills"] == "电焊"
    assert "许听雨" not in str(posting)
    deadline = clock.today() + timedelta(days=5)
    Position.objects.update(open_until=deadline)
    assert json_ld(client.get(address).text)["validThrough"] == deadline.isoformat()
    training = {"kind": Kind.STAFF_TRAINING, "hours": 8, "ends_on": clock.today() + timedelta(90)}
    for changes in ({"state": State.CLOSED}, training):
        Position.objects.update(**changes)
        assert "JobPosting" not in client.get(address).text
        Position.objects.update(state=State.PUBLISHED)


def json_ld(text: str) -> dict[str, Any]:
    inside = text.split('<script type="application/ld+json">')[1].split("</script>", maxsplit=1)[0]
    return dict(json.loads(inside))


def test_pages_in_chinese(client: Client) -> None:
    position = make_position()
    client.cookies["django_language"] = "zh-hans"
    assert "岗位" in client.get(f"/{position.consortium.slug}/demand/{position.pk}/").text


def a_row(**changes: object) -> dict[str, Any]:
    row = {
        "title_zh": "车工",
        "kind": "employment",
        "occupation": "6-18-01-07",
        "places": 3,
        "region": "龙湾区",
        "starts_on": "2027-07-01",
        "pay_low": 6000,
        "skills": "数控加工:3、识图",
        "contact_name": "王",
    }
    return row | changes


def test_import_makes_drafts_of_the_one_member() -> None:
    consortium = make_consortium()
    employer = make_membership(consortium).organisation
    staff = make_staff(employer)
    make_code(code="6-18-01-07", name_zh="车工")
    make_code(CodeList.Kind.REGION, name_zh="龙湾区")
    for name in ("数控加工", "识图"):
        Skill.objects.create(name_zh=name)
    sheet = Positions()
    filled = type(sheet.form(consortium))(a_row())
    assert filled.is_valid(), filled.errors
    assert sheet.permitted(staff, consortium)
    assert not sheet.permitted(make_user(), consortium)
    rows = [Row(2, filled.cleaned_data)]
    assert sheet.save(rows, consortium, by=staff, progress=lambda done: None) == 1
    position = Position.objects.get()
    assert position.organisation == employer
    levels = position.skill_needs.values_list("skill__name_zh", "level")
    assert dict(levels) == {"数控加工": 3, "识图": 2}
    with pytest.raises(ValidationError):
        sheet.save(rows, consortium, by=make_user(), progress=lambda done: None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"pay_low": ""}, "pay_low"),
        ({"kind": "staff_training"}, "hours"),
        ({"skills": "数控加工:9"}, "skills"),
        ({"skills": "焊接"}, "skills"),
    ],
)
def test_import_says_what_a_row_lacks(wrong: dict[str, Any], field: str) -> None:
    make_code(code="6-18-01-07", name_zh="车工")
    make_code(CodeList.Kind.REGION, name_zh="龙湾区")
    for name in ("数控加工", "识图"):
        Skill.objects.create(name_zh=name)
    filled = type(Positions().form(make_consortium()))(a_row(**wrong))
    assert not filled.is_valid()
    assert field in filled.errors
