"""An assembly of 300: called, answered, signed in at the door, its quorum on the screen, closed."""

import io
import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import segno
import xlsxwriter
from django.conf import LazySettings
from django.db import connections
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from silian.governance.charters.models import Charter
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.meetings.policy import votes_present
from silian.governance.meetings.tests.factories import make_attendee, make_current
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.models import Entry
from silian.kernel.jobs.tests.factories import work
from tests.journeys.conftest import QUIET, OpenPage, Visit, check, press, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
UNITS, GUESTS = 62, 238


def work_aside() -> None:
    """Let a worker do what is queued; the browser's loop runs in this thread."""

    def work_and_leave() -> None:
        work()
        connections.close_all()

    with ThreadPoolExecutor(1) as aside:
        aside.submit(work_and_leave).result()


# --- the whole story --------------------------------------------------------------------


def make_founded() -> Consortium:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    Charter.objects.create(consortium=consortium, version=1, in_force_from=clock.today())
    for number in range(UNITS):
        make_membership(consortium, make_organisation(name_zh=f"成员单位{number + 1:02}"))
    return consortium


def guest_list() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["姓名", "单位", "职务"])
        for row in range(1, GUESTS + 1):
            page.write_row(row, 0, [f"来宾{row:03}", "某某职业学院", "教师"])
    return content.getvalue()


def test_an_assembly_of_300(
    open_page: OpenPage, visit: Visit, settings: LazySettings, width: int
) -> None:
    consortium = make_founded()
    secretary = open_page(user=make_secretary(consortium), width=width)
    meeting = prepare(secretary, visit)
    invite_guests(meeting, secretary, visit)
    call(meeting, secretary, visit)

    staff = [make_staff(row.organisation) for row in meeting.attendees.voting()[:2]]
    come(meeting, open_page(user=staff[0], width=width), visit)
    send_proxy(meeting, open_page(user=staff[1], width=width), visit)

    settings.CLOCK = (meeting.starts_at - timedelta(minutes=20)).isoformat()
    at_the_door(meeting, open_page(user=make_secretary(consortium), width=width), visit)
    sign_in_the_others(meeting)
    chair = open_page(user=make_secretary(consortium), width=width)
    on_the_screen(meeting, chair, visit)
    close(meeting, chair, visit)


def prepare(page: Page, visit: Visit) -> Meeting:
    visit(page, "/mingshui/meetings/")
    page.get_by_role("link", name="筹备会议").first.click()
    press(page, "保存")  # nothing filled in: told so, beside the fields
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    starts = (clock.now() + timedelta(days=15)).replace(hour=1, minute=0)
    page.locator("#id_organ").select_option("assembly")
    page.locator("#id_title_zh").fill("明水产教联合体成员大会")
    for name, moment in (("starts_at", starts), ("ends_at", starts + timedelta(hours=3))):
        shown = moment + timedelta(hours=8)  # as a clock there shows
        page.locator(f"#id_{name}").fill(f"{shown:%Y-%m-%dT%H:%M}")
    page.locator("#id_place_zh").fill("明水会议中心")
    check(page)
    press(page, "保存")
    meeting = Meeting.objects.get()
    for kind, title in (("report", "年度工作报告"), ("motion", "审议工作计划")):
        visit(page, f"/mingshui/meetings/{meeting.pk}/items/new/")
        page.locator("#id_kind").select_option(kind)
        page.locator("#id_title_zh").fill(title)
        press(page, "保存")
    expect(page.locator("main")).to_contain_text("审议工作计划")
    return meeting


def invite_guests(meeting: Meeting, page: Page, visit: Visit) -> None:
    visit(page, f"/mingshui/meetings/{meeting.pk}/attendees/")
    page.get_by_role("link", name="导入来宾").click()
    sheet = {"name": "来宾.xlsx", "mimeType": "application/octet-stream", "buffer": guest_list()}
    page.locator("input[type=file]").set_input_files(sheet)  # type: ignore[arg-type]
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    work_aside()
    page.reload()
    page.get_by_role("button", name=re.compile("导入")).first.click()
    page.wait_for_load_state("networkidle")
    work_aside()
    assert meeting.attendees.count() == GUESTS


def call(meeting: Meeting, page: Page, visit: Visit) -> None:
    visit(page, meeting.get_absolute_url())
    page.get_by_role("link", name="召集会议").click()
    expect(page.locator("main")).to_contain_text("62 家单位有表决权")
    check(page)
    press(page, "发出邀请")
    expect(page.locator("main")).to_contain_text("已召集")
    check(page)
    assert meeting.attendees.count() == UNITS + GUESTS
    meeting.refresh_from_db()


def come(meeting: Meeting, page: Page, visit: Visit) -> None:
    visit(page, "/me/todo/")
    page.get_by_role("link", name=re.compile("回复")).click()
    check(page)
    page.locator("#id_name").fill("何清明")
    press(page, "提交回复")
    expect(page.locator("main")).to_contain_text("参加 · 何清明")
    check(page)


def send_proxy(meeting: Meeting, page: Page, visit: Visit) -> None:
    visit(page, meeting.get_absolute_url())
    press(page, "不参加会议")
    page.get_by_role("link", name="填报参会人或委托").click()
    page.get_by_label("委托表决").check()
    press(page, "提交回复")
    expect(page.locator("main")).to_contain_text("请选择代为表决的单位")
    page.locator("#id_proxy").evaluate("field => field.tomselect.setValue(field.options[1].value)")
    press(page, "提交回复")
    expect(page.locator("main")).to_contain_text("委托表决")
    assert meeting.attendees.filter(reply="proxy").count() == 1


def at_the_door(meeting: Meeting, page: Page, visit: Visit) -> None:
    giver = meeting.attendees.get(reply="proxy")
    holder = giver.proxy
    assert holder
    visit(page, f"/mingshui/meetings/{meeting.pk}/door/")
    enter(page, holder.code)
    expect(page.locator("[data-part=last]")).to_contain_text("已签到")
    enter(page, holder.code)
    expect(page.locator("[data-part=last]")).to_contain_text("已签到")
    page.locator("#door-field").fill("来宾001")
    page.locator("[data-part=found] button").first.click()
    expect(page.locator("[data-part=last]")).to_contain_text("来宾001")
    expect(page.locator("[data-part=here]")).to_have_text("2")
    check(page)
    assert votes_present(meeting) == (2, UNITS)  # the holder's own and the proxy


def enter(page: Page, code: str) -> None:
    page.locator("#door-field").fill(code)
    page.locator("#door-field").press("Enter")


def sign_in_the_others(meeting: Meeting) -> None:
    """What the other doors did in the meantime: forty units more."""
    rows = meeting.attendees.voting().filter(signed_in_at=None, proxy=None)[:40]
    Attendee.objects.filter(pk__in=[row.pk for row in rows]).update(
        signed_in_at=clock.now(), channel="scan"
    )


def on_the_screen(meeting: Meeting, page: Page, visit: Visit) -> None:
    visit(page, meeting.get_absolute_url())
    press(page, "宣布开会")
    expect(page.locator("main")).to_contain_text("会议进行中")
    visit(page, f"/mingshui/meetings/{meeting.pk}/screen/")
    expect(page.locator("main")).to_contain_text("已达法定人数")  # 42 of 62
    expect(page.locator("main")).to_contain_text("年度工作报告")
    row = meeting.attendees.here().voting().last()
    assert row
    Attendee.objects.filter(pk=row.pk).update(left_at=clock.now())
    expect(page.locator("main")).to_contain_text("尚未达到法定人数")  # the screen sees it by itself


def close(meeting: Meeting, page: Page, visit: Visit) -> None:
    visit(page, meeting.get_absolute_url())
    press(page, "宣布闭会")
    expect(page.locator("main")).to_contain_text("已闭会")
    check(page)
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.CLOSED


# --- the door, when things go wrong -----------------------------------------------------


@pytest.fixture
def meeting() -> Meeting:
    found = make_current()
    for number in range(1, 6):
        make_attendee(found, name=f"来宾{number}")
    return found


@pytest.fixture
def usher(meeting: Meeting) -> User:
    return make_secretary(meeting.consortium)


def door_of(meeting: Meeting) -> str:
    return f"/{meeting.consortium.slug}/meetings/{meeting.pk}/door/"


def guests(meeting: Meeting) -> list[Attendee]:
    return list(meeting.attendees.filter(votes=0))


def sign_ins() -> int:
    return Entry.objects.filter(action="Signed in to the meeting").count()


def test_the_door_goes_on_without_a_network(
    open_page: OpenPage, visit: Visit, meeting: Meeting, usher: User
) -> None:
    page = open_page(user=usher, width=390)
    visit(page, door_of(meeting))
    first, second, third, *_others = guests(meeting)
    enter(page, first.code)
    expect(page.locator("[data-part=last]")).to_contain_text("已签到")
    page.context.set_offline(True)
    before = datetime.now(tz=clock.now().tzinfo)
    for guest in (second, third, second):  # the usher sees the names all the same
        enter(page, guest.code)
        expect(page.locator("[data-part=last]")).to_contain_text(guest.name)
    expect(page.locator("[data-part=waiting]")).to_have_text("2")
    expect(page.get_by_text("网络中断")).to_be_visible()
    assert meeting.attendees.here().count() == 1

    page.context.set_offline(False)
    expect(page.locator("[data-part=waiting-line]")).to_be_hidden(timeout=10_000)
    expect(page.locator("[data-part=recent]")).not_to_contain_text("等待网络")
    assert meeting.attendees.here().count() == 3 and sign_ins() == 3
    second.refresh_from_db()
    assert second.signed_in_at and abs(second.signed_in_at - before) < timedelta(seconds=30)


def test_what_was_noted_outlives_the_page(
    open_page: OpenPage, visit: Visit, meeting: Meeting, usher: User
) -> None:
    page = open_page(user=usher)
    visit(page, door_of(meeting))
    page.context.set_offline(True)
    guest = guests(meeting)[0]
    enter(page, guest.code)
    expect(page.locator("[data-part=waiting]")).to_have_text("1")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(door_of(meeting))
    expect(page.locator("[data-part=recent]")).to_contain_text("已签到")
    assert meeting.attendees.here().get() == guest


def test_an_answer_that_is_lost_doubles_nobody(
    open_page: OpenPage, visit: Visit, meeting: Meeting, usher: User
) -> None:
    """The server did it and was gone before it could say so; then it failed, then it was back."""
    page = open_page(user=usher)
    visit(page, door_of(meeting))
    tries: list[str] = []

    def lose(route: Route) -> None:
        tries.append(json.loads(route.request.post_data or "")["lines"][0]["key"])
        if len(tries) == 1:
            route.fetch()
            route.abort()
        elif len(tries) == 2:
            route.fulfill(status=502, body="gone")
        else:
            route.continue_()

    page.route("**/door/lines/", lose)
    guest = guests(meeting)[0]
    enter(page, guest.code)
    expect(page.locator("[data-part=recent] .bg-green-lt")).to_be_visible(timeout=15_000)
    assert len(tries) == 3 and len(set(tries)) == 1
    assert meeting.attendees.here().count() == 1 and sign_ins() == 1


def test_two_doors_scan_the_same_people(
    open_page: OpenPage, visit: Visit, meeting: Meeting, usher: User
) -> None:
    pages = [open_page(user=usher), open_page(user=usher, width=390)]
    for page in pages:
        visit(page, door_of(meeting))
        page.context.set_offline(True)
        for guest in guests(meeting):
            enter(page, guest.code)
    for page in pages:
        page.context.set_offline(False)
    for page in pages:
        expect(page.locator("[data-part=waiting-line]")).to_be_hidden(timeout=10_000)
    assert meeting.attendees.here().count() == sign_ins() == 5


def test_the_camera_reads_a_badge(
    browser: Browser, meeting: Meeting, usher: User, live_server: LiveServer, tmp_path: Path
) -> None:
    guest = guests(meeting)[0]
    film = tmp_path / "badge.y4m"
    film.write_bytes(filmed(guest.code))
    flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    flags.append(f"--use-file-for-fake-video-capture={film}")
    path = shutil.which("chromium") or browser.browser_type.executable_path
    chromium = browser.browser_type.launch(executable_path=path, args=[*QUIET, *flags])
    address = live_server.url
    context = chromium.new_context(base_url=address, locale="zh-CN", permissions=["camera"])
    page = context.new_page()
    sign_in(page, usher, address)
    page.goto(door_of(meeting))
    page.get_by_role("button", name="摄像头").click()
    expect(page.locator("[data-part=last]")).to_contain_text(guest.name, timeout=15_000)
    expect(page.locator("[data-part=waiting-line]")).to_be_hidden()
    chromium.close()
    assert meeting.attendees.here().get() == guest


def filmed(code: str) -> bytes:
    """A badge before a camera: a few frames of uncompressed video."""
    matrix = np.array(
        [list(row) for row in segno.make(code, error="m", micro=False).matrix], dtype=np.uint8
    )
    badge = np.kron(255 * (1 - matrix), np.ones((10, 10), dtype=np.uint8))
    luma = np.full((480, 640), 255, dtype=np.uint8)
    luma[80 : 80 + badge.shape[0], 160 : 160 + badge.shape[1]] = badge
    frame = b"FRAME\n" + luma.tobytes() + bytes([128]) * (320 * 240 * 2)
    return b"YUV4MPEG2 W640 H480 F10:1 Ip A1:1 C420jpeg\n" + frame * 5
