"""A PhD station from a firm's application to its second term; another application comes back."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Page, expect

from silian.governance.bodies.models import Body
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from tests.journeys.conftest import OpenPage, Visit, check
from tests.journeys.test_main_job import press

pytestmark = pytest.mark.django_db(transaction=True)
BODIES = "/mingshui/bodies/"


@dataclass
class Cast:
    """Who takes part in the story."""

    consortium: Consortium
    firm: Organisation
    engineer: User
    other: User
    secretary: User


@pytest.fixture
def cast() -> Cast:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    firm, second = (make_organisation(name_zh=name) for name in ("明水锻件公司", "明水电机公司"))
    school = make_organisation(Organisation.Kind.UNIVERSITY, name_zh="明水理工学院")
    for unit in (firm, second, school):
        make_membership(consortium, unit)
    people = [make_staff(firm), make_staff(second), make_secretary(consortium)]
    return Cast(consortium, firm, *people)


def test_a_station_is_founded_appraised_and_renewed(
    cast: Cast, open_page: OpenPage, visit: Visit, settings: LazySettings, width: int
) -> None:
    apply(open_page(user=cast.engineer, width=width), visit)
    body = Body.objects.get(name_zh="明水锻件博士创新站")
    accept_and_found(body, open_page(user=cast.secretary, width=width), visit)
    anybody_reads(body, open_page(width=width), visit)

    host = open_page(user=cast.engineer, width=width)
    file_plan(body, host, visit)
    file_result(body, host, visit)
    appraise(body, open_page(user=cast.secretary, width=width), visit)

    body.refresh_from_db()
    assert body.expires_on
    settings.CLOCK = f"{body.expires_on - timedelta(days=30)}T12:00"
    ask_for_a_new_term(body, open_page(user=cast.engineer, width=width), visit)
    grant_it(body, open_page(user=cast.secretary, width=width), visit)
    was = body.expires_on
    body.refresh_from_db()
    assert body.expires_on and body.expires_on.year == was.year + 3


def apply(page: Page, visit: Visit) -> None:
    visit(page, BODIES)
    page.get_by_role("link", name="机构申报").click()
    page.get_by_role("link", name="申报机构").first.click()
    check(page)
    page.get_by_role("heading", name="博士创新站").click()
    page.locator("#id_name_zh").fill("明水锻件博士创新站")
    press(page, "提交审核")  # much is not filled in: told so, and what was typed stays
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    expect(page.locator("#id_name_zh")).to_have_value("明水锻件博士创新站")
    check(page)
    page.locator("#id_answer_team").fill("林白露博士,明水理工学院")
    page.locator("#id_answer_agreement_years").fill("3")
    page.locator("#id_answer_topics").fill("大型环锻件组织性能预测")
    page.locator("#id_plan").fill("三年完成四项攻关,经费由依托单位承担。")
    press(page, "保存草稿")
    expect(page.locator("main")).to_contain_text("申报草稿")
    page.get_by_role("link", name="聘任人员").first.click()
    page.get_by_role("link", name="聘任人员").first.click()
    page.locator("#id_name").fill("周谷雨")
    page.locator("#id_role").select_option(label="站长")
    page.locator("#id_unit").fill("明水锻件公司")
    check(page)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("周谷雨")
    page.get_by_role("link", name="明水锻件博士创新站").click()
    press(page, "提交审核")
    expect(page.locator("main")).to_contain_text("申报审核中")


def accept_and_found(body: Body, page: Page, visit: Visit) -> None:
    visit(page, "/me/todo/")
    page.get_by_role("link", name="待审核的机构申报").click()
    page.get_by_role("link", name=body.name_zh).click()
    check(page)
    page.locator("#id_view").select_option("accept")
    page.locator("#id_reason").fill("团队扎实,同意。")
    press(page, "保存意见")
    press(page, "批准")
    expect(page.locator("main")).to_contain_text("筹建中")
    page.get_by_role("link", name="宣布成立").click()
    check(page)
    page.locator("#id_rules_zh").fill("每年一月报送计划,十二月报送总结。")
    press(page, "宣布成立")
    expect(page.locator("main")).to_contain_text("运行中")


def anybody_reads(body: Body, page: Page, visit: Visit) -> None:
    """The public page says what everybody may know, and no more; its plaque can be checked."""
    visit(page, f"{BODIES}{body.pk}/")
    shown = page.locator("main")
    for words in ("明水锻件公司", "周谷雨", "大型环锻件组织性能预测", "每年一月报送计划"):
        expect(shown).to_contain_text(words)
    for words in ("林白露博士", "团队扎实", "经费由依托单位承担"):
        expect(shown).not_to_contain_text(words)
    page.get_by_role("link", name="MINGSHUI-").click()
    expect(page.locator("main")).to_contain_text("有效")


def file_plan(body: Body, page: Page, visit: Visit) -> None:
    visit(page, "/me/todo/")
    page.get_by_role("link", name="年度计划").click()
    page.locator("#id_aims").fill("完成两项攻关。")
    press(page, "添加事项")
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(4)
    row = rows.first
    row.locator("[name$=-what]").fill("攻关课题取得成果")
    row.locator("[name$=-owner]").fill("周谷雨")
    row.locator("[name$=-due]").fill(f"{clock.today().year}-12-15")
    row.locator("[name$=-target]").fill("2")
    row.locator("[name$=-unit]").fill("项")
    check(page)
    press(page, "报送计划")
    expect(page.locator("main")).to_contain_text("计划已报送")


def file_result(body: Body, page: Page, visit: Visit) -> None:
    page.get_by_role("link", name="填写总结").click()
    page.locator("#id_result").fill("两项课题均已应用。")
    page.locator("[name$=-reached]").fill("2")
    check(page)
    press(page, "报送总结")
    expect(page.locator("main")).to_contain_text("总结已报送")


def appraise(body: Body, page: Page, visit: Visit) -> None:
    visit(page, "/me/todo/")
    page.get_by_role("link", name="考核“明水锻件博士创新站”").click()
    check(page)
    form = page.locator("form", has=page.get_by_role("button", name="公布考核结果"))
    form.locator("[name=grade]").select_option(label="优秀")
    form.locator("[name=score]").fill("92")
    form.locator("[name=reasons]").fill("目标全部完成。")
    press(page, "公布考核结果")
    expect(page.locator("main")).to_contain_text("目标全部完成。")
    check(page)


def ask_for_a_new_term(body: Body, page: Page, visit: Visit) -> None:
    visit(page, "/me/todo/")
    page.get_by_role("link", name="申请“明水锻件博士创新站”续期").click()
    page.locator("#id_account").fill("完成六项攻关。")
    page.locator("#id_aims").fill("再完成六项。")
    check(page)
    press(page, "提交申请")
    expect(page.locator("main")).to_contain_text("续期申请已提交秘书处")


def grant_it(body: Body, page: Page, visit: Visit) -> None:
    visit(page, "/me/todo/")
    page.get_by_role("link", name="审批“明水锻件博士创新站”续期申请").click()
    check(page)
    press(page, "同意续期")
    expect(page.locator("main")).to_contain_text("已同意续期")


def test_another_application_comes_back_and_strangers_stay_out(
    cast: Cast, open_page: OpenPage, visit: Visit, width: int
) -> None:
    page = open_page(user=cast.other, width=width)
    visit(page, "/mingshui/bodies/applications/new/?kind=phd_station")
    page.locator("#id_name_zh").fill("明水电机博士创新站")
    page.locator("#id_answer_team").fill("陈清明博士")
    page.locator("#id_answer_agreement_years").fill("2")
    page.locator("#id_answer_topics").fill("电机降噪")
    page.locator("#id_plan").fill("攻关。")
    press(page, "提交审核")
    body = Body.objects.get(name_zh="明水电机博士创新站")
    address = reverse("proposals:proposal_detail", args=[cast.consortium, body.pk])

    secretary = open_page(user=cast.secretary, width=width)
    visit(secretary, address)
    secretary.get_by_role("button", name="退回修改").first.click()
    secretary.locator("dialog[open] textarea").fill("请说明经费来源。")
    check(secretary)
    secretary.locator("dialog[open]").get_by_role("button", name="退回修改").click()
    expect(secretary.locator("main")).to_contain_text("申报退回修改")

    visit(page, "/me/todo/")
    page.get_by_role("link", name="修改“明水电机博士创新站”的申报").click()
    expect(page.locator("main")).to_contain_text("请说明经费来源。")
    check(page)

    stranger = open_page(user=cast.engineer, width=width)
    answers = [stranger.goto(f"{address}{tail}") for tail in ("", "edit/")]
    assert [answer.status for answer in answers if answer] == [404, 404]
