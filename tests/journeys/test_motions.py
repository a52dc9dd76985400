"""A meeting decides: a motion with an amendment, votes on phones, a resolution, sealed minutes."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Page, expect

from silian.governance.meetings.models import Meeting
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.minutes.models import Minutes
from silian.governance.motions.models import Motion
from silian.governance.motions.tests.factories import make_rule, make_session, voter_of
from silian.governance.resolutions.models import Resolution
from silian.kernel import clock
from silian.kernel.accounts.models import User
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "设立奖学金，每人三千元。"


@dataclass
class Cast:
    """Who takes part in the story: three units are there, the fourth is away."""

    meeting: Meeting
    secretary: User
    units: list[User]
    stranger: User


@pytest.fixture
def cast() -> Cast:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    make_rule(consortium, base="valid")
    meeting = make_session(
        consortium, units=4, present=3, title_zh="理事会第三次会议", chaired_by="周理事长"
    )
    meeting.items.update(title_zh="设立奖学金")
    units = [voter_of(row.organisation) for row in meeting.attendees.order_by("pk")]
    elsewhere = make_membership(make_consortium("jjj-bio")).organisation
    return Cast(meeting, make_secretary(consortium), units, make_staff(elsewhere))


def test_a_meeting_decides_and_what_it_decided_is_sealed(
    cast: Cast, open_page: OpenPage, visit: Visit, settings: LazySettings, width: int
) -> None:
    secretary = open_page(user=cast.secretary, width=width)
    motion = move(cast, secretary, visit)
    amendment = amend(cast, open_page(user=cast.units[1], width=width), visit, motion)
    vote_by_hands(cast, secretary, visit, amendment)
    motion.refresh_from_db()
    assert motion.text_zh == TEXT.replace("三千", "五千")

    put_to_vote(cast, secretary, visit, motion)
    for user, choice in zip(cast.units[:3], ["赞成", "赞成", "反对"], strict=True):
        vote(cast, open_page(user=user, width=width), visit, motion, choice)
    read_the_result(cast, secretary, visit, motion)
    give_it_to_somebody(cast, secretary, visit, motion)
    report_done(cast, open_page(user=cast.units[0], width=width), visit)

    Meeting.objects.update(state="closed", closed_at=clock.now())
    minutes = draft(cast, secretary, visit)
    approve(cast, open_page(user=cast.units[0], width=width), visit, minutes)
    settings.CLOCK = (clock.now() + timedelta(days=1)).isoformat()
    seal(cast, open_page(user=cast.secretary, width=width), visit, minutes)

    outside = Client()
    outside.force_login(cast.stranger)
    for address in (motion, minutes, Resolution.objects.get()):
        assert outside.get(address.get_absolute_url()).status_code == 404


def move(cast: Cast, page: Page, visit: Visit) -> Motion:
    visit(page, f"/mingshui/motions/meetings/{cast.meeting.pk}/")
    page.get_by_role("link", name="提出议案").click()
    press(page, "提出议案")  # no text yet: told so, beside the field
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    page.locator("#id_title_zh").fill("设立现场工程师奖学金")
    page.locator("#id_text_zh").fill(TEXT)
    check(page)
    press(page, "提出议案")
    expect(page.locator("main")).to_contain_text("每人三千元")
    return Motion.objects.get(title_zh="设立现场工程师奖学金")


def amend(cast: Cast, page: Page, visit: Visit, motion: Motion) -> Motion:
    visit(page, motion.get_absolute_url())
    page.get_by_role("link", name="提出修正案").click()
    page.locator("#id_title_zh").fill("改为五千元")
    page.locator("#id_text_zh").fill(TEXT.replace("三千", "五千"))
    choose_only(page, "mover")
    check(page)
    press(page, "提出修正案")
    expect(page.locator(".silian-comparison del")).to_have_text("三")
    check(page)
    return Motion.objects.get(amends=motion)


def choose_only(page: Page, field: str) -> None:
    """The one unit that somebody can speak for."""
    page.locator(f"#id_{field}-ts-control").click()
    page.locator(".ts-dropdown .option").last.click()


def vote_by_hands(cast: Cast, page: Page, visit: Visit, motion: Motion) -> None:
    visit(page, motion.get_absolute_url())
    page.get_by_role("link", name="付表决").click()
    page.get_by_label("公开表决（举手）").check()
    check(page)
    press(page, "开始表决")
    page.get_by_role("link", name="登记举手票数").click()
    for name, number in (("favour", 3), ("against", 1), ("abstain", 0)):
        page.locator(f"#id_{name}").fill(f"{number}")
    press(page, "结束表决")
    expect(page.locator("main")).to_contain_text("共 4 票，但到会只有 3 票")
    page.locator("#id_against").fill("0")
    press(page, "结束表决")
    expect(page.locator("main")).to_contain_text("已通过")


def put_to_vote(cast: Cast, page: Page, visit: Visit, motion: Motion) -> None:
    visit(page, motion.get_absolute_url())
    page.get_by_role("link", name="付表决").click()
    expect(page.locator("main")).to_contain_text("实到3家")
    press(page, "开始表决")
    expect(page.locator("main")).to_contain_text("已投 0 票，共 3 票")
    check(page)


def vote(cast: Cast, page: Page, visit: Visit, motion: Motion, choice: str) -> None:
    visit(page, "/me/notices/")
    page.get_by_role("link", name="请表决").first.click()
    page.get_by_text(choice, exact=True).click()
    press(page, "投票")
    expect(page.locator("main")).to_contain_text("您已投票")
    check(page)


def read_the_result(cast: Cast, page: Page, visit: Visit, motion: Motion) -> None:
    visit(page, f"/mingshui/motions/votes/{motion.pk}/")
    expect(page.locator("main")).to_contain_text("已投 3 票，共 3 票")
    press(page, "结束表决")
    expect(page.locator("main")).to_contain_text("已通过")
    expect(page.locator("main")).to_contain_text("有效票3票中赞成2票，须2票")
    expect(page.locator("main")).to_contain_text("各单位表决情况")
    check(page)


def give_it_to_somebody(cast: Cast, page: Page, visit: Visit, motion: Motion) -> None:
    visit(page, motion.get_absolute_url())
    page.get_by_role("link", name="登记决议").click()
    expect(page.locator("#id_text_zh")).to_have_value(motion.text_zh)
    page.locator("#id_owner-ts-control").click()
    first = cast.meeting.attendees.order_by("pk").first()
    assert first and first.organisation
    page.locator(".ts-dropdown .option", has_text=first.organisation.name_zh).first.click()
    page.locator("#id_due_on").fill(f"{clock.today() + timedelta(days=30)}")
    check(page)
    press(page, "登记")
    expect(page.locator("main")).to_contain_text(f"决议〔{clock.today().year}〕1号")


def report_done(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, "/me/")
    page.get_by_role("link", name="落实决议").first.click()
    page.get_by_role("link", name="报告进展").click()
    page.locator("#id_text").fill("评选办法已公布。")
    page.get_by_label("已落实，请予确认。").check()
    check(page)
    press(page, "提交报告")
    expect(page.locator("main")).to_contain_text("已报告完成")
    check(page)


def draft(cast: Cast, page: Page, visit: Visit) -> Minutes:
    visit(page, "/me/todo/")
    page.get_by_role("link", name="起草会议纪要").first.click()
    press(page, "起草纪要")
    for words in ("周理事长", "每人五千元", "有效票3票中赞成2票", "责任单位"):
        expect(page.locator("main")).to_contain_text(words)
    check(page)
    page.get_by_role("link", name="征求意见").click()
    page.locator("#id_objections_until").fill(f"{clock.today()}")
    page.locator("#id_approvers-ts-control").click()
    page.locator(".ts-dropdown .option", has_text=cast.units[0].name).first.click()
    page.keyboard.press("Escape")
    check(page)
    press(page, "征求意见")
    return Minutes.objects.get()


def approve(cast: Cast, page: Page, visit: Visit, minutes: Minutes) -> None:
    visit(page, "/me/todo/")
    page.get_by_role("link", name="确认会议纪要").first.click()
    press(page, "确认纪要")
    expect(page.locator("main")).to_contain_text("您已确认")


def seal(cast: Cast, page: Page, visit: Visit, minutes: Minutes) -> None:
    visit(page, minutes.get_absolute_url())
    press(page, "归档")
    minutes.refresh_from_db()
    assert minutes.pdf
    expect(page.locator("main")).to_contain_text(minutes.pdf.sha256)
    check(page)
    content = page.request.get(f"/mingshui/minutes/{minutes.pk}/minutes.pdf").body()
    assert hashlib.sha256(content).hexdigest() == minutes.pdf.sha256
