"""A theory exam: the network breaks, the page is closed, the device changes, no answer is lost."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from silian.education.answering import log
from silian.education.answering.models import Attempt
from silian.education.sittings.models import Candidate
from silian.education.sittings.tests.factories import (
    announced,
    make_candidate,
    make_exam,
    make_room,
)
from silian.governance.members.tests.factories import make_consortium
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.persons.tests.factories import make_person
from tests.journeys.conftest import OpenPage, Visit, check, complaints, press

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db(transaction=True)


def answers(candidate: Candidate) -> dict[str, object]:
    return log.answers_of(Attempt.objects.get(candidate=candidate)).by_item


def saved(page: Page) -> None:
    expect(page.locator("[data-part=saved]")).to_contain_text("已全部保存到服务器")


def ticket(page: Page, candidate: Candidate) -> None:
    page.locator("#sit-number").fill(candidate.number)
    page.locator("#sit-code").fill(candidate.code.lower())
    page.get_by_role("button", name="继续", exact=True).click()


def test_no_answer_is_lost(open_page: OpenPage, visit: Visit, width: int) -> None:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    exam = make_exam(consortium, title_zh="数控车工四级理论考试")
    watcher = make_user("监考一")
    room = make_room(exam, invigilator=watcher, name="第一机房")
    candidate = make_candidate(room, admitted=False, person=make_person(name="李考生", user=None))
    announced(exam)

    page = open_page(width=width)
    visit(page, "/sit/")
    ticket(page, candidate)
    expect(page.locator("[data-part=reason]")).to_contain_text("监考人员需先核验您的身份")
    check(page)

    desk = open_page(user=watcher, width=width)
    visit(desk, f"/mingshui/exams/{exam.pk}/rooms/{room.pk}/")
    desk.get_by_role("button", name="准予入场").click()
    expect(desk.locator("#seats")).to_contain_text("已核验身份")
    check(desk)

    page.get_by_role("button", name="开始答题").click()
    answer_everything(page)
    saved(page)
    check(page)
    assert len(answers(candidate)) == 11

    a_broken_network_costs_no_answer(page, candidate)
    a_page_closed_in_the_middle_of_a_word_keeps_it(page, candidate)
    expect(desk.locator("#seats")).to_contain_text("11 / 11", timeout=15_000)

    second = a_second_device_takes_over(open_page, desk, page, candidate, width)
    second.get_by_role("button", name="交卷", exact=True).click()
    second.locator("dialog[open]").get_by_role("button", name="交卷", exact=True).click()
    expect(second.locator("[data-part=over]")).to_contain_text("您已交卷")
    check(second)
    assert Attempt.objects.get().end == "self"
    assert answers(candidate)["8"] == "换机后作答"


def test_neither_a_wrong_clock_nor_a_second_tab_costs_an_answer(
    open_page: OpenPage, visit: Visit
) -> None:
    """The clock on the wall jumps from 2009 to 2033 during the exam; the server's rules."""
    room = make_room(make_exam(make_consortium("mingshui")))
    candidate = make_candidate(room)
    announced(room.exam)
    page = open_page()
    page.clock.set_system_time("2009-01-01T08:00:00")
    visit(page, "/sit/")
    ticket(page, candidate)
    page.get_by_role("button", name="开始答题").click()
    page.locator("#item-1").get_by_label("选项b").check()
    saved(page)

    page.context.set_offline(True)
    page.locator("#item-1").get_by_label("选项a").check()
    page.clock.set_system_time("2033-01-01T08:00:00")
    page.locator("#item-8 input").fill("时钟已乱")
    page.context.set_offline(False)
    saved(page)
    assert answers(candidate)["1"] == "a" and answers(candidate)["8"] == "时钟已乱"
    for line in Attempt.objects.get().lines.all():
        assert line.said_at <= line.received_at and line.received_at - line.said_at < MINUTE

    tab = page.context.new_page()
    tab.goto(page.url)
    expect(tab.locator("[data-part=second-tab]")).to_contain_text(
        "已在本浏览器的另一个标签页中打开"
    )
    page.locator("#item-8 input").fill("仍在第一页作答")
    saved(page)
    assert answers(candidate)["8"] == "仍在第一页作答"
    assert Attempt.objects.get().openings == 1


def answer_everything(page: Page) -> None:
    """One item of each kind."""
    item = page.locator
    item("#item-1").get_by_label("选项b").check()
    item("#item-2").get_by_label("选项a").check()
    item("#item-2").get_by_label("选项c").check()
    item("#item-3").get_by_label("正确", exact=True).check()
    for number, word in enumerate(("基准", "公差")):
        item("#item-4 input").nth(number).fill(word)
    item("#item-5").get_by_role("button", name="下移").first.click()
    item("#item-6 select").first.select_option("2")
    item("#item-7 input").fill("3.14")
    item("#item-8 input").fill("对刀")
    item("#item-9 textarea").fill("先检查,再试切。")
    item("#item-10\\.1").get_by_label("选项a").check()
    item("#item-10\\.2 textarea").fill("停机上报。")


def a_broken_network_costs_no_answer(page: Page, candidate: Candidate) -> None:
    page.context.set_offline(True)
    page.locator("#item-1").get_by_label("选项c").check()
    page.locator("#item-9 textarea").fill("断网时写下的话。")
    expect(page.locator("[data-part=saved]")).to_contain_text("2 题的答案目前仅存于本设备")
    expect(page.locator("[data-part=offline]")).to_be_visible()
    assert answers(candidate)["1"] == "b"
    page.reload()  # without a network: the page comes from the device, and so do the answers
    expect(page.locator("#item-9 textarea")).to_have_value("断网时写下的话。")
    expect(page.locator("#item-1").get_by_label("选项c")).to_be_checked()
    page.context.set_offline(False)
    saved(page)
    complaints[page].clear()  # the browser's own lines about a network that is not there
    assert answers(candidate)["1"] == "c" and answers(candidate)["9"] == "断网时写下的话。"


def a_page_closed_in_the_middle_of_a_word_keeps_it(page: Page, candidate: Candidate) -> None:
    page.locator("#item-8 input").press_sequentially("刀补", delay=0)
    page.reload()
    expect(page.locator("#item-8 input")).to_have_value(re.compile("刀补"))
    saved(page)
    assert "刀补" in str(answers(candidate)["8"])


def a_second_device_takes_over(
    open_page: OpenPage, desk: Page, first: Page, candidate: Candidate, width: int
) -> Page:
    second = open_page(width=width)
    second.goto("/sit/")
    ticket(second, candidate)
    expect(second.locator("[data-part=reason]")).to_contain_text("已在另一台设备上打开")
    desk.get_by_role("link", name="李考生").click()
    press(desk, "生成换机验证码")
    said = desk.get_by_text(re.compile(r"换机验证码.*\d{6}")).first.inner_text()
    check(desk)
    second.locator("#sit-device-code").fill(re.findall(r"\d{6}", said)[0])
    second.get_by_role("button", name="在本机打开试卷").click()
    expect(second.locator("#item-9 textarea")).to_have_value("断网时写下的话。")
    second.locator("#item-8 input").fill("换机后作答")
    saved(second)
    expect(first.locator("[data-part=elsewhere]")).to_be_visible(timeout=15_000)
    check(second)
    return second
