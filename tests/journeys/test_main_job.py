"""From a firm's need to a placed student who can read why: enterprise, secretariat, students."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connections
from django.urls import reverse
from playwright.sync_api import Page, expect

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
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.jobs.tests.factories import work
from silian.talent.placement.models import Placement
from silian.talent.profiles.models import Student
from silian.talent.profiles.tests.factories import make_student
from silian.talent.rounds.models import Round
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Cast:
    """Who takes part in the story."""

    consortium: Consortium
    firm: Organisation
    recruiter: User
    secretary: User
    first: Student
    second: Student
    other: Position


@pytest.fixture
def cast() -> Cast:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    firm = make_organisation(name_zh="明水阀门有限公司")
    school = make_organisation(Organisation.Kind.COLLEGE, name_zh="明水职业学院")
    for unit in (firm, school):
        make_membership(consortium, unit)
    make_code(CodeList.Kind.OCCUPATION, "6-20-05-08", name_zh="阀门装配调试工")
    make_code(CodeList.Kind.REGION, "370114", name_zh="章丘区")
    programme = make_code(CodeList.Kind.PROGRAMME, "460104", name_zh="机械制造及自动化")
    students = [
        make_student(school, name=name, points=points, programme=programme)
        for name, points in (("林白露", "91"), ("周谷雨", "78"))
    ]
    for student in students:
        assert student.user
        Role.objects.create(user=student.user, kind=Role.Kind.STUDENT, organisation=school)
    return Cast(
        consortium,
        firm,
        make_staff(firm),
        make_secretary(consortium),
        *students,
        make_position(consortium, title_zh="数控技术员", places=1),
    )


def choose(page: Page, field: str, words: str) -> None:
    """Search as one types in a field of codes, and take the first that is found."""
    page.locator(f"#id_{field}-ts-control").press_sequentially(words)
    page.locator(".ts-dropdown .option", has_text=words).first.click()


def work_and_leave() -> None:
    work()
    connections.close_all()


def at(settings: LazySettings, moment: datetime) -> None:
    settings.CLOCK = moment.isoformat()


def test_from_a_need_to_a_placed_student(
    cast: Cast, open_page: OpenPage, visit: Visit, settings: LazySettings, width: int
) -> None:
    start = clock.now()
    state_a_position(cast, open_page(user=cast.recruiter, width=width), visit)
    publish_it(cast, open_page(user=cast.secretary, width=width), visit)
    found = open_a_round(cast, open_page(user=cast.secretary, width=width), visit)

    for student in (cast.first, cast.second):
        page = open_page(user=student.user, width=width)
        state_wishes(found, page, visit, named=student == cast.first)

    at(settings, start + timedelta(days=8))
    close_wishes(cast, found, open_page(user=cast.secretary, width=width), visit)
    rank(cast, found, open_page(user=cast.recruiter, width=width), visit)

    at(settings, start + timedelta(days=16))
    compute_and_publish(cast, found, open_page(user=cast.secretary, width=width), visit)

    read_why(cast, found, open_page(user=cast.second.user, width=width), visit)
    accept(cast, found, open_page(user=cast.first.user, width=width), visit)
    confirm(cast, found, open_page(user=cast.recruiter, width=width), visit)

    placement = Placement.objects.get(student=cast.first)
    assert placement.state == Placement.State.CONFIRMED
    anybody = open_page(width=width)
    visit(anybody, f"/mingshui/placement/{found.pk}/result/")
    expect(anybody.locator("main")).not_to_contain_text(cast.first.name)


def state_a_position(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, "/me/")
    page.get_by_role("link", name="填报岗位需求").first.click()
    check(page)
    page.get_by_role("link", name="就业").first.click()
    press(page, "提交审核")  # nothing filled in: told so, beside the fields
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    page.locator("#id_title_zh").fill("阀门装配试验员")
    choose(page, "occupation", "阀门装配")
    page.locator("#id_places").fill("1")
    page.locator("#id_starts_on").fill(f"{clock.today() + timedelta(days=90)}")
    choose(page, "region", "章丘")
    page.locator("#id_pay_low").fill("5200")
    page.locator("#id_pay_high").fill("8000")
    page.locator("#id_duties_zh").fill("完成阀门装配和密封试验。")
    page.locator("#id_contact_name").fill("许经理")
    check(page)
    press(page, "提交审核")
    expect(page.locator("main")).to_contain_text("待审核")


def publish_it(cast: Cast, page: Page, visit: Visit) -> None:
    position = Position.objects.get(title_zh="阀门装配试验员")
    visit(page, "/me/")
    expect(page.locator("main")).to_contain_text("待审岗位")
    visit(page, f"/mingshui/demand/{position.pk}/")
    press(page, "发布")
    expect(page.locator("main")).to_contain_text("已发布")


def open_a_round(cast: Cast, page: Page, visit: Visit) -> Round:
    visit(page, "/mingshui/placement/new/")
    page.locator("#id_title_zh").fill("2027届就业匹配")
    page.locator("#id_kind").select_option("employment")
    page.locator("#id_rule").select_option("ranking")
    page.locator("#id_max_wishes").fill("5")
    steps = {"wishes_from": 0, "wishes_until": 7, "ranking_until": 14, "confirm_until": 30}
    for name, days in steps.items():
        moment = clock.now() + timedelta(days=days, hours=8, minutes=-5)  # as a clock there shows
        page.locator(f"#id_{name}").fill(f"{moment:%Y-%m-%dT%H:%M}")
    press(page, "保存")
    found = Round.objects.get(title_zh="2027届就业匹配")
    choose_seats(found, page, visit)
    visit(page, f"/mingshui/placement/{found.pk}/")
    press(page, "开放轮次")
    expect(page.locator("main")).to_contain_text("志愿填报中")
    return found


def choose_seats(found: Round, page: Page, visit: Visit) -> None:
    """All that match; then one quota too many, which is told beside it and mended."""
    visit(page, f"/mingshui/placement/{found.pk}/seats/")
    press(page, "符合条件的全部参加")
    quota = page.get_by_label("“阀门装配试验员”的录用名额")
    places = quota.input_value()
    quota.fill("99")
    press(page, "保存本页")
    expect(page.locator("#results .invalid-feedback")).to_be_visible()
    expect(quota).to_have_value("99")
    check(page)
    quota.fill(places)
    press(page, "保存本页")
    expect(page.locator("main")).to_contain_text("2个岗位参加本轮")


def state_wishes(found: Round, page: Page, visit: Visit, *, named: bool) -> None:
    """One of the two lets the employers know who it is."""
    visit(page, f"/mingshui/placement/{found.pk}/wishes/")
    for title in ("数控技术员", "阀门装配试验员"):
        row = page.locator("#results tr", has_text=title)
        row.get_by_role("button", name="添加").click()
        expect(page.locator("#wish-desk")).to_contain_text(title)
    page.locator("#wish-desk li", has_text="阀门装配试验员").get_by_role(
        "button", name="上移"
    ).click()
    first = page.locator("#wish-desk li").first
    expect(first).to_contain_text("阀门装配试验员")
    page.get_by_label("允许此处所列单位知道我是谁").set_checked(named)
    press(page, "确认志愿表")
    expect(page.locator("#wish-desk")).to_contain_text("已确认")
    check(page)


def close_wishes(cast: Cast, found: Round, page: Page, visit: Visit) -> None:
    visit(page, f"/mingshui/placement/{found.pk}/conduct/")
    press(page, "截止志愿")
    expect(page.get_by_role("button", name="开始计算")).to_have_count(0)  # not before the deadline


def rank(cast: Cast, found: Round, page: Page, visit: Visit) -> None:
    seat = found.seats.get(position__title_zh="阀门装配试验员")
    visit(page, reverse("wishes:seat_applicants", args=["mingshui", found.pk, seat.pk]))
    page.get_by_label(cast.first.name).fill("1")
    expect(page.locator("main")).not_to_contain_text(cast.second.name)
    second = f"#{seat.wishes.get(list__student=cast.second).pk}"
    page.get_by_label(second).fill("1")  # two cannot be first
    press(page, "保存排序")
    expect(page.locator(".invalid-feedback, .alert-danger").first).to_be_visible()
    page.get_by_label(second).fill("2")
    press(page, "保存排序")
    press(page, "提交已保存的排序")
    expect(page.locator("main")).to_contain_text("排序已提交")


def compute_and_publish(cast: Cast, found: Round, page: Page, visit: Visit) -> None:
    visit(page, f"/mingshui/placement/{found.pk}/conduct/")
    press(page, "开始计算")
    with ThreadPoolExecutor(1) as aside:  # the browser's loop runs in this thread
        aside.submit(work_and_leave).result()
    visit(page, f"/mingshui/placement/{found.pk}/conduct/")
    press(page, "公布结果")
    expect(page).to_have_url(re.compile(r"/result/$"))
    check(page)


def read_why(cast: Cast, found: Round, page: Page, visit: Visit) -> None:
    visit(page, f"/mingshui/placement/{found.pk}/result/mine/")
    expect(page.locator("main")).to_contain_text("数控技术员")  # the second wish is fulfilled
    expect(page.locator("main")).to_contain_text("他人优先")
    expect(page.locator("main")).to_contain_text("您为第 2 位")
    expect(page.locator("main")).not_to_contain_text(cast.first.name)


def accept(cast: Cast, found: Round, page: Page, visit: Visit) -> None:
    visit(page, "/me/")
    visit(page, f"/mingshui/placement/{found.pk}/result/mine/")
    press(page, "接受")
    expect(page.locator("main")).to_contain_text("学生已接受")


def confirm(cast: Cast, found: Round, page: Page, visit: Visit) -> None:
    seat = found.seats.get(position__title_zh="阀门装配试验员")
    visit(page, f"/mingshui/placement/{found.pk}/seats/{seat.pk}/result/")
    press(page, "确认")
    expect(page.locator("main")).to_contain_text("双方已确认")
