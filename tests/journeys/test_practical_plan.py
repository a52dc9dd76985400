"""A practical exam from its first line to the ticket: stations, examiners, candidates, turns."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localtime
from playwright.sync_api import Page, expect

from silian.education.examiners.models import Examiner
from silian.education.examiners.tests.factories import make_card, make_examiner
from silian.education.exchange.services import write_rows
from silian.education.items.tests.factories import occupation
from silian.education.practicals.models import Practical
from silian.education.rubrics.imports import CriterionRow
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS = "11010519491231002X", "440308199901010012"


@dataclass
class Cast:
    consortium: Consortium
    secretary: User
    school: Organisation
    fit: list[Examiner]
    old: Examiner
    candidate: User


@pytest.fixture
def cast() -> Cast:
    """A school that holds the exam, three examiners of firms, and one whose card ran out."""
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    school = make_organisation(Organisation.Kind.COLLEGE, name_zh="章丘职业学院")
    make_membership(consortium, school)
    occupation()
    firms = [make_membership(consortium).organisation for _n in range(4)]
    names = ("张组长", "李考评", "王考评", "赵过期")
    judges = [
        make_examiner(consortium, user=make_user(name), organisation=firm, card=False)
        for name, firm in zip(names, firms, strict=True)
    ]
    for judge in judges[:3]:
        make_card(judge, highest="3")
    make_card(judges[3], days=-5)
    candidate = make_user("陈考生")
    person = Person.objects.create(user=candidate, name="陈考生")
    identity.set_number(person, NUMBERS[0])
    person.save()
    return Cast(consortium, make_secretary(consortium), school, judges[:3], judges[3], candidate)


def test_a_practical_exam_is_set_up_planned_and_announced(
    open_page: OpenPage, visit: Visit, width: int, cast: Cast, tmp_path: Path
) -> None:
    page = open_page(user=cast.secretary, width=width)
    set_it_up(page, visit, cast)
    expect(page.locator("main")).to_contain_text("尚未设置考核站。")
    add_the_station(page)
    bring_the_rubric(page, visit, tmp_path)
    choose_the_examiners(page, cast)
    bring_the_candidates(page, visit, tmp_path)
    draw_and_announce(page, visit)

    mine = open_page(user=cast.candidate, width=width)
    visit(mine, "/me/practicals/")
    expect(mine.locator("main")).to_contain_text("数控车工三级实操考试")
    expect(mine.locator("main")).to_contain_text("1号车间 · 1号工位")
    with mine.expect_download() as ticket:
        mine.get_by_role("link", name="准考证（PDF）").click()
    assert Path(ticket.value.path()).read_bytes().startswith(b"%PDF")

    judge = open_page(user=cast.fit[1].user, width=width)
    visit(judge, "/me/practicals/")
    judge.get_by_role("link", name="数控车工三级实操考试").click()
    expect(judge.locator("main tbody tr")).to_have_count(2)
    expect(judge.locator("main")).not_to_contain_text("陈考生")
    check(judge)


def set_it_up(page: Page, visit: Visit, cast: Cast) -> None:
    visit(page, "/mingshui/practicals/")
    page.get_by_role("link", name="设置实操考试").first.click()
    page.locator("#id_title_zh").fill("数控车工三级实操考试")
    page.locator("#id_occupation-ts-control").press_sequentially("数控机床")
    page.locator(".ts-dropdown .option", has_text="数控机床").first.click()
    page.locator("#id_occupation-ts-control").blur()
    page.locator("#id_level").select_option("3")
    page.locator("#id_organiser").select_option(str(cast.school.pk))
    day = localtime(clock.now() + timedelta(days=3))
    page.locator("#id_begins_at").fill(f"{day:%Y-%m-%d}T09:00")
    page.locator("#id_pauses_at").fill("12:00")
    check(page)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("休息时间须同时填写开始和结束。")
    expect(page.locator("#id_title_zh")).to_have_value("数控车工三级实操考试")
    page.locator("#id_resumes_at").fill("13:30")
    press(page, "保存")
    check(page)


def add_the_station(page: Page) -> None:
    page.get_by_role("link", name="添加考核站").first.click()
    page.locator("#id_name_zh").fill("数控车削")
    page.locator("#id_place").fill("1号车间")
    page.locator("#id_minutes").fill("60")
    page.locator("#id_weight").fill("100")
    check(page)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("尚无评分项。")
    check(page)


def bring_the_rubric(page: Page, visit: Visit, folder: Path) -> None:
    heads = list(CriterionRow().fields)
    lines = [
        {"kind": "考评员评判", "name_zh": "加工工艺", "points": 60},
        {"kind": "做到与否", "name_zh": "安全操作", "points": 20, "critical": "是"},
        {"kind": "测量", "name_zh": "外圆直径", "points": 20, "unit": "mm"}
        | {"nominal": 36, "below": 0.02, "above": 0.02},
    ]
    path = folder / "评分项.xlsx"
    path.write_bytes(write_rows(heads, [[line.get(name, "") for name in heads] for line in lines]))
    station = page.url
    page.get_by_role("link", name="导入评分项").click()
    import_file(page, path)
    visit(page, station)
    expect(page.locator("main")).to_contain_text("外圆直径")
    expect(page.locator("main")).to_contain_text("已设100分")


def import_file(page: Page, path: Path) -> None:
    page.locator("input[type=file]").set_input_files(path)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("main form[action*=confirm] button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


def choose_the_examiners(page: Page, cast: Cast) -> None:
    page.get_by_role("link", name="选定考评员").click()
    control = page.locator("#id_examiners-ts-control")
    for judge in (*cast.fit, cast.old):
        control.click()
        control.fill(judge.user.name)
        page.locator(".ts-dropdown .option", has_text=judge.user.name).first.click()
    control.blur()
    page.locator("#id_chief").select_option(str(cast.fit[0].pk))
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("赵过期：证卡有效期仅至")
    check(page)
    page.locator(".ts-wrapper .item", has_text="赵过期").locator(".remove").click()
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("张组长 考评组长")
    check(page)


def bring_the_candidates(page: Page, visit: Visit, folder: Path) -> None:
    rows = [["陈考生", NUMBERS[0], "章丘职业学院"], ["周考生", NUMBERS[1], ""]]
    path = folder / "考生.xlsx"
    path.write_bytes(write_rows(["name", "id_number", "organisation"], rows))
    practical = Practical.objects.get()
    visit(page, f"/mingshui/practicals/{practical.pk}/")
    page.get_by_role("link", name="导入考生").first.click()
    import_file(page, path)
    assert practical.entrants.count() == 2


def draw_and_announce(page: Page, visit: Visit) -> None:
    practical = Practical.objects.get()
    visit(page, f"/mingshui/practicals/{practical.pk}/")
    expect(page.locator("main")).to_contain_text("轮次安排尚未编排。")
    press(page, "抽签并编排轮次")
    expect(page.locator("main tbody tr")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("10:05")
    check(page)
    page.get_by_role("link", name="数控车工三级实操考试").first.click()
    press(page, "公布考试")
    expect(page.locator("main")).to_contain_text("已公布")
    check(page)
