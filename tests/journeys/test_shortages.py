"""From what was needed to what is taught: release, catalogue of shortages, advice, answer."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from silian.education.advice.models import Advice, Answer, Report
from silian.education.forecasts.tests.factories import make_school_programme, steady
from silian.education.programmes.models import Programme
from silian.education.shortages.models import Catalogue
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.industry.demand.tests.factories import make_position
from silian.industry.releases.models import Release
from silian.industry.releases.tests.factories import make_release
from silian.kernel import clock
from silian.kernel.codes.models import Code
from silian.kernel.codes.tests.factories import make_code
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Scene:
    consortium: Consortium
    occupation: Code
    programme: Programme


@pytest.fixture
def scene() -> Scene:
    """Five years of figures; this year three firms need far more than graduate."""
    consortium = make_consortium("mingshui", name_zh="明水产教联合体", short_name_zh="明水联合体")
    occupation = make_code(name_zh="数控机床装调工")
    year = clock.today().year
    school = make_organisation(Organisation.Kind.COLLEGE, name_zh="明水职业学院")
    make_membership(consortium, school)
    programme = make_school_programme(
        consortium, [occupation], steady(year, 40, 36), school=school, name_zh="数控技术"
    )
    for back in range(5, 0, -1):
        pay = {"pay_lower": 5600, "pay_median": 6000, "pay_upper": 6600}
        make_release(consortium, year - back, {occupation: 120 - 12 * back}, **pay)
    for number in range(3):
        make_position(
            consortium,
            occupation=occupation,
            places=45,
            education=2,
            pay_low=6500 + 300 * number,
            pay_high=7000 + 300 * number,
        )
    return Scene(consortium, occupation, programme)


def test_demand_becomes_advice(scene: Scene, open_page: OpenPage, visit: Visit, width: int) -> None:
    secretary = open_page(user=make_secretary(scene.consortium), width=width)
    school = open_page(user=make_staff(scene.programme.school), width=width)
    visitor = open_page(width=width)
    publish_the_demand(scene, secretary, visit)
    publish_the_catalogue(scene, secretary, visit)
    read_how_an_index_came_about(scene, visitor, visit)
    ask_the_schools(scene, secretary, visit)
    answer_for_the_school(school, visit)
    publish_the_advice(scene, secretary, visitor, visit)


def publish_the_demand(scene: Scene, page: Page, visit: Visit) -> None:
    """Counted, looked through, published: 135 people, 27 more than the year before."""
    visit(page, f"/{scene.consortium.slug}/releases/")
    page.get_by_role("link", name="编制需求发布").click()
    check(page)
    press(page, "生成草稿")
    expect(page.locator("main")).to_contain_text("数控机床装调工")
    expect(page.get_by_role("button", name="发布", exact=True)).to_have_count(0)
    expect(page.locator("main")).to_contain_text("前言尚未撰写")
    page.get_by_role("link", name="撰写前言").click()
    page.locator("#id_foreword_zh").fill("今年装备制造**需求上升**。")
    press(page, "保存")
    press(page, "发布")
    expect(page.locator("main")).to_contain_text("+27")
    check(page)
    assert Release.objects.get(year=clock.today().year).lines.get().places == 135


def publish_the_catalogue(scene: Scene, page: Page, visit: Visit) -> None:
    visit(page, f"/{scene.consortium.slug}/shortages/")
    page.get_by_role("link", name="编制目录").click()
    press(page, "生成草稿")
    page.get_by_role("link", name="撰写前言").click()
    page.locator("#id_foreword_zh").fill("供院校参考。")
    press(page, "保存")
    press(page, "发布")
    check(page)
    assert Catalogue.objects.get().state == "published"


def read_how_an_index_came_about(scene: Scene, page: Page, visit: Visit) -> None:
    """A visitor finds formula, figures, forecast and its error; and takes the document along."""
    visit(page, f"/{scene.consortium.slug}/shortages/")
    page.get_by_role("link", name="查看目录").click()
    expect(page.get_by_role("heading", name="指数公式（版本1）")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Word").evaluate("link => { link.download = '' }")
        page.get_by_role("link", name="Word").click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    page.get_by_role("link", name="数控机床装调工").click()
    working = page.locator("section", has_text="计算过程").first
    for told in ("供需比", "3.75", "0.8 – 2.5", "薪酬压力", "缺少数据"):
        expect(working).to_contain_text(told)
    check(page)
    page.get_by_role("link", name="供需对照", exact=True).last.click()
    for told in ("方法：", "平均误差", "留出检验年度", "数控技术"):
        expect(page.locator("main")).to_contain_text(told)
    check(page)


def ask_the_schools(scene: Scene, page: Page, visit: Visit) -> None:
    visit(page, f"/{scene.consortium.slug}/advice/")
    press(page, "编制建议")
    expect(page.locator("main")).to_contain_text("扩大招生")
    page.get_by_role("link", name="提交院校答复").click()
    page.locator("#id_until").fill(f"{clock.today() + timedelta(days=14)}")
    check(page)
    press(page, "保存")
    assert Report.objects.get().state == "answering"


def answer_for_the_school(page: Page, visit: Visit) -> None:
    """Its own programme waits in the to-do list; a no needs its reason."""
    visit(page, "/me/todo/")
    page.get_by_role("link", name="待答复的专业调整建议").first.click()
    page.get_by_role("link", name="数控技术").click()
    check(page)
    page.get_by_role("link", name="代表本校答复").click()
    page.get_by_label("不采纳").check()
    page.locator("#id_planned_intake").fill("55")
    press(page, "保存")
    expect(page.locator(".invalid-feedback")).to_contain_text("请填写理由")
    expect(page.locator("#id_planned_intake")).to_have_value("55")
    page.locator("#id_reason").fill("实训工位不足,先扩到55人")
    check(page)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("未采纳")
    assert Answer.objects.get().planned_intake == 55


def publish_the_advice(scene: Scene, page: Page, visitor: Page, visit: Visit) -> None:
    report = Report.objects.get()
    assert visitor.request.get(report.get_absolute_url()).status == 404
    visit(page, report.get_absolute_url())
    expect(page.locator("main")).to_contain_text("明水职业学院: 未采纳")
    page.get_by_role("link", name="撰写前言").click()
    page.locator("#id_foreword_zh").fill("请各院校参考。")
    press(page, "保存")
    press(page, "发布")
    visit(visitor, report.get_absolute_url())
    visit(visitor, Advice.objects.get().get_absolute_url())
    expect(visitor.locator("main")).to_contain_text("实训工位不足")
