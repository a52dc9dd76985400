"""From a first item to a printed paper: an author, a file with a fault, a reviewer, a setter."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from silian.education.banks.models import Bank, Seat
from silian.education.exchange.imports import ItemRow
from silian.education.exchange.services import write_rows
from silian.education.items.models import Version
from silian.education.items.tests.factories import make_bank, make_seat, occupation
from silian.education.papers.models import Paper
from silian.education.papers.tests.factories import make_items
from silian.education.questions.schema import Kind
from silian.governance.members.tests.factories import make_consortium
from silian.kernel.accounts.models import User
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)
GIFT = """::一::顺时针圆弧插补的指令是？ {=G02 ~G03 ~G01}

::二::这里没有提问

::三::G00一定走直线。 {F}
"""


@dataclass
class Cast:
    bank: Bank
    author: User
    reviewer: User


@pytest.fixture
def cast() -> Cast:
    bank = make_bank(make_consortium("mingshui", name_zh="明水产教联合体"), name_zh="数控题库")
    occupation()
    make_items(bank, 6)
    author, reviewer = make_seat(bank), make_seat(bank, Seat.Part.REVIEWER)
    for user in (author, reviewer):
        make_seat(bank, Seat.Part.SETTER, user)
    return Cast(bank, author, reviewer)


def test_from_items_to_a_printed_paper(
    cast: Cast, open_page: OpenPage, visit: Visit, width: int, tmp_path: Path
) -> None:
    page = open_page(user=cast.author, width=width)
    write_items(page, visit)
    bring_a_file(page, visit, tmp_path)
    bring_a_sheet(cast, page, visit, tmp_path)
    hand_them_in(page, visit)
    review_them(cast, open_page(user=cast.reviewer, width=width), visit)
    assemble(page, visit)
    approve_and_print(cast, open_page(user=cast.reviewer, width=width), visit)


def write_items(page: Page, visit: Visit) -> None:
    visit(page, "/mingshui/items/")
    page.get_by_role("link", name="命题", exact=True).click()
    check(page)
    page.get_by_role("link", name="单项选择题").click()
    press(page, "保存")  # nothing filled in: told so, beside the fields
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    choose_occupation(page)
    page.locator("#id_text_zh").fill("刀具半径左补偿用哪个指令？")
    for place, text in enumerate(("G40", "G41", "G42")):
        page.locator(f"#id_rows-{place}-zh").fill(text)
    page.locator("#id_rows-1-right").check()
    page.evaluate("window.scrollTo(0, 0)")  # nothing below the header that stays
    check(page)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("B. G41")
    check(page)
    visit(page, "/mingshui/items/new/blank/")
    choose_occupation(page)
    page.locator("#id_text_zh").fill("主轴正转用____。")
    page.locator("#id_accepted").fill("M03|M3")
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("M03 / M3")


def choose_occupation(page: Page) -> None:
    if page.locator("#id_occupation").input_value():
        return
    page.locator("#id_occupation-ts-control").press_sequentially("数控机床")
    page.locator(".ts-dropdown .option", has_text="数控机床").first.click()
    page.locator("#id_occupation-ts-control").blur()  # the list of offers closes before a press


def bring_a_file(page: Page, visit: Visit, folder: Path) -> None:
    path = folder / "试题.txt"
    path.write_text(GIFT)
    visit(page, "/mingshui/items/files/")
    page.get_by_role("link", name="导入文件").first.click()
    page.locator("#id_file").set_input_files(path)
    choose_occupation(page)
    check(page)
    press(page, "读取文件")
    expect(page.locator("main")).to_contain_text("2道试题可以导入，1道不能导入")
    expect(page.locator("main")).to_contain_text("未找到答案部分")
    check(page)
    press(page, "入库")


def bring_a_sheet(cast: Cast, page: Page, visit: Visit, folder: Path) -> None:
    path = folder / "试题.xlsx"
    row = {"kind": "判断题", "text_zh": "回参考点后机床坐标系建立。", "answer": "对"}
    row |= {"occupation": occupation().code, "level": "三级（高级工）", "difficulty": "易"}
    names = list(ItemRow().fields)
    path.write_bytes(write_rows(names, [[row.get(name, "") for name in names]]))
    visit(page, f"/sheets/exchange.items/{cast.bank.pk}/")
    page.locator("input[type=file]").set_input_files(path)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("main form[action*=confirm] button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    assert Version.objects.filter(kind=Kind.TRUEFALSE, state="draft").count() == 2


def hand_them_in(page: Page, visit: Visit) -> None:
    visit(page, "/mingshui/items/?state=draft")
    page.locator("[data-tick-all]").check()
    press(page, "提交所选试题")
    assert Version.objects.filter(state="review").count() == 5


def review_them(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, "/me/todo/")
    expect(page.locator("main")).to_contain_text("待审试题")
    version = Version.objects.get(text__contains="左补偿用哪个指令", state="review")
    visit(page, version.get_absolute_url())
    press(page, "退回", "请补充一个选项")
    version.refresh_from_db()
    assert version.state == "draft"
    visit(page, "/mingshui/items/?state=review")
    page.locator("[data-tick-all]").check()
    press(page, "通过所选试题")
    assert Version.objects.filter(reviewed_by=cast.reviewer).count() == 4


def assemble(page: Page, visit: Visit) -> None:
    visit(page, "/mingshui/papers/blueprints/new/")
    page.locator("#id_title_zh").fill("三级理论细目表")
    page.locator("#id_level").select_option("3")
    choose_occupation(page)
    page.locator("#id_cells-0-kind").select_option("single")
    page.locator("#id_cells-0-count").fill("4")
    page.locator("#id_cells-0-points").fill("25")
    check(page)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("4题，100分")
    page.get_by_role("link", name="按细目表组卷").click()
    page.locator("#id_title_zh").fill("三级理论卷")
    page.locator("#id_variants").select_option("2")
    press(page, "组卷")  # six items are too few for two forms without a common item
    expect(page.locator("main")).to_contain_text("试题不足")
    page.locator("#id_variants").select_option("1")
    check(page)
    press(page, "组卷")
    check(page)
    press(page, "提交")


def approve_and_print(cast: Cast, page: Page, visit: Visit) -> None:
    paper = Paper.objects.get()
    visit(page, paper.get_absolute_url())
    press(page, "批准")
    paper.refresh_from_db()
    assert (paper.state, paper.approved_by) == ("approved", cast.reviewer)
    with page.expect_download() as download:
        page.get_by_role("link", name="打印试卷").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
