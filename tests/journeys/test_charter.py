"""A consortium is founded and chartered: the administrator, its secretary, then everybody."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from silian.governance.charters.models import Organ, Post
from silian.governance.charters.policy import charter_of, rule_for
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Term
from silian.governance.council.policy import electorate
from silian.governance.members.tests.factories import make_membership, make_organisation
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name).first.click()
    page.wait_for_load_state("networkidle")


def test_a_consortium_is_founded_chartered_and_gets_a_council(
    open_page: OpenPage, visit: Visit, width: int
) -> None:
    secretary = make_user(name="袁谷雨", username="yuan")

    found(open_page(user=make_user(duty=User.Duty.SYSTEM), width=width), visit)
    consortium = Consortium.objects.get(slug="harbour")
    school = make_organisation("college", name_zh="港城职业学院")
    make_membership(consortium, school)

    page = open_page(user=secretary, width=width)
    adopt(page, visit)
    set_up_seats(page, visit)
    appoint(page, visit, school.name_zh)

    charter = charter_of(consortium)
    assert charter and charter.notice_days == 15
    rule = rule_for(charter, Organ.ASSEMBLY, "ordinary")
    assert (str(rule.majority), rule.strict) == ("3/5", False)
    (elector,) = electorate(consortium, Organ.COUNCIL)
    assert elector.person == "严立秋"
    read(open_page(width=width), visit)


def found(page: Page, visit: Visit) -> None:
    visit(page, "/me/")
    visit(page, reverse("consortia:consortium_list"))
    follow(page, "设立联合体")
    page.locator("#id_slug").fill("harbour")
    page.locator("#id_kind").select_option("municipal")
    page.locator("#id_name_zh").fill("港城产教联合体")
    page.locator("#id_short_name_zh").fill("港城")
    page.locator("#id_secretary").fill("yuan")
    press(page, "保存")
    expect(page.locator("h1")).to_contain_text("港城产教联合体")


def adopt(page: Page, visit: Visit) -> None:
    """The to-do leads to the form; a mistake is said beside its field and nothing is lost."""
    visit(page, "/me/")
    follow(page, "制定章程")
    check(page)
    page.locator("#id_basis").fill("成立大会审议通过")
    page.locator("#id_notice_days").fill("15")
    page.locator("#id_matters-0-strict").select_option("False")
    page.locator("#id_matters-0-majority").fill("六成")
    press(page, "确认通过")
    expect(page.locator(".invalid-feedback").first).to_contain_text("比例写作2/3或60%")
    expect(page.locator("#id_notice_days")).to_have_value("15")
    page.locator("#id_matters-0-majority").fill("60%")
    page.get_by_role("button", name="添加席位").click()
    supervisors = row_of(page, "seats-10-post")
    supervisors.get_by_role("button", name="移除").click()
    expect(supervisors).to_be_hidden()
    press(page, "确认通过")
    expect(page.locator(".alert-danger").first).to_contain_text("监事会")  # who still have a rule
    expect(row_of(page, "seats-10-post")).to_be_hidden()
    row_of(page, "matters-10-organ").get_by_role("button", name="移除").click()
    page.get_by_label("监事会").uncheck()
    press(page, "确认通过")
    expect(page.locator("h1")).to_contain_text("章程（第1版）")
    expect(page.locator("main")).to_contain_text("到会者3/5以上赞成方可通过")
    check(page)


def row_of(page: Page, field: str) -> Locator:
    return page.locator(f"#id_{field}").locator("xpath=ancestor::*[@data-row]")


def set_up_seats(page: Page, visit: Visit) -> None:
    visit(page, "/harbour/council/")
    press(page, "按章程设置席位")
    expect(page.locator("main")).to_contain_text("已设置席位28个")
    check(page)


def appoint(page: Page, visit: Visit, unit: str) -> None:
    visit(page, "/harbour/council/?held=no")
    follow(page, "秘书长")
    check(page)
    follow(page, "补充席位")
    check(page)
    page.locator("#id_organisation-ts-control").click()
    page.locator(".ts-dropdown .option", has_text=unit).click()
    page.locator("#id_person").fill("严立秋")
    page.locator("#id_basis").fill("理事长办公会决定")
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("席位已补充")
    expect(page.locator("main")).to_contain_text("严立秋")
    check(page)


def read(page: Page, visit: Visit) -> None:
    """Somebody without an account reads charter and council and finds the holder."""
    visit(page, "/harbour/charter/")
    expect(page.locator("main")).to_contain_text("15")
    visit(page, "/harbour/charter/samples/municipal/")
    visit(page, "/harbour/council/")
    expect(page.locator("main")).to_contain_text("严立秋")
    expect(page.get_by_role("button", name=re.compile("设置席位"))).to_have_count(0)
    visit(page, "/harbour/council/roster/")
    expect(page.locator("main")).to_contain_text("空缺")
    assert Term.objects.get().seat.post == Post.SECRETARY_GENERAL
