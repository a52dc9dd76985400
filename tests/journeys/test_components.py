"""The living page of the components, walked by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from silian.kernel.accounts.tests.factories import make_user
from tests.journeys.conftest import OpenPage, Visit, check


@pytest.fixture(autouse=True)
def _debugging(settings) -> None:
    settings.DEBUG = True


@pytest.fixture
def page(open_page: OpenPage, visit: Visit) -> Page:
    page = open_page(user=make_user("李梅"))
    visit(page, "/ui/")
    return page


def test_every_component_is_accessible(
    open_page: OpenPage, visit: Visit, width: int, dark: bool
) -> None:
    page = open_page(user=make_user("李梅"), width=width, dark=dark)
    visit(page, "/ui/")
    expect(page.locator("[data-chart] svg")).to_have_count(4)
    expect(page.locator(".ec-event").first).to_be_attached()


def test_a_list_is_searched_sorted_and_paged_without_leaving_the_page(page: Page) -> None:
    results = page.locator("#results")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="下一页").click()
    expect(page).to_have_url(re.compile("page=2"))
    page.get_by_role("link", name="编号").click()
    expect(results.locator("th[aria-sort=ascending]")).to_contain_text("编号")
    page.locator("#filter-q").press_sequentially("user")
    expect(page).to_have_url(re.compile(r"q=user.*sort=pk|sort=pk.*q=user"))
    expect(results.locator("tbody tr").first).to_contain_text("user")
    assert page.evaluate("window.stayed"), "the page was loaded anew"
    assert page.evaluate("document.activeElement.id") == "filter-q"
    check(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="导出").click()
        page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text()
    assert len(text.splitlines()) == results.locator("tbody tr").count() + 1
    page.get_by_role("link", name="去掉条件").click()
    expect(page.locator("#filter-q")).to_have_value("")
    page.go_back()
    expect(page.locator("#filter-q")).to_have_value("user")


def test_a_reason_is_asked_for_and_arrives(page: Page) -> None:
    page.get_by_role("button", name="退回").press("Enter")
    dialog = page.get_by_role("dialog", name="退回")
    expect(dialog.get_by_label("理由")).to_be_focused()
    check(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="退回")).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="退回").click()
    expect(dialog).to_be_visible()  # a reason is required
    dialog.get_by_label("理由").fill("请补充技能要求。")
    dialog.get_by_role("button", name="退回").click()
    expect(page.get_by_role("status").first).to_contain_text("请补充技能要求。")


def test_a_form_says_beside_each_field_what_is_wrong(page: Page) -> None:
    page.get_by_label("名称*").fill("灌装操作员")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("名称*")).to_have_value("灌装操作员")
    check(page)
    page.get_by_role("alert").get_by_role("link", name="人数").click()
    expect(page.get_by_label("人数*")).to_be_focused()


def test_the_keyboard_reaches_the_content_first(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_darkness_and_language_are_kept(page: Page) -> None:
    page.get_by_role("button", name="切换浅色或深色").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Components")
    check(page)


def test_a_file_is_named_once_it_is_chosen(page: Page) -> None:
    drop = page.locator("input[type=file]")
    drop.set_input_files({"name": "名单.csv", "mimeType": "text/csv", "buffer": b"a"})
    expect(page.locator(".silian-drop-area")).to_contain_text("名单.csv")
