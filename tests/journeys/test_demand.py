"""Demand that stays true: stated from a template, published, found, watched, asked, closed."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
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
from silian.industry.demand.models import Position
from silian.industry.demand.tests.factories import make_position
from silian.industry.freshness import services as freshness
from silian.industry.outlines.tests.factories import make_template
from silian.industry.watches import services as watches
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "阀门装配试验员"


@pytest.fixture
def firm() -> Organisation:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    firm = make_organisation(name_zh="明水阀门有限公司")
    make_membership(consortium, firm)
    region = make_code(CodeList.Kind.REGION, "370114", name_zh="章丘区")
    make_template(consortium, title_zh=TITLE, title_en="", region=region, kind="internship")
    make_position(consortium, title_zh="数控技术员", region=region)
    make_position(consortium, title_zh="护理实习生", kind="internship")
    return firm


def on(settings: LazySettings, days: int) -> None:
    settings.CLOCK = (clock.now() + timedelta(days=days)).isoformat()


def test_demand_stays_true(
    firm: Organisation, open_page: OpenPage, visit: Visit, settings: LazySettings, width: int
) -> None:
    consortium = Consortium.objects.get()
    recruiter, reader = make_staff(firm), make_user("林白露")
    on(settings, 0)
    save_a_search(open_page(user=reader, width=width), visit)
    on(settings, 1)
    state_from_a_template(open_page(user=recruiter, width=width), visit)
    publish(open_page(user=make_secretary(consortium), width=width), visit)
    watches.look_at_once()
    read_the_notice(open_page(user=reader, width=width), visit)
    find_it(open_page(width=width), visit)
    on(settings, 31)
    freshness.tend()
    confirm_it(recruiter, open_page, visit, width)
    for days in (30, 15, 15):  # asked, lowered, closed
        on(settings, days)
        freshness.tend()
    reopen_it(open_page(user=recruiter, width=width), visit)


def save_a_search(page: Page, visit: Visit) -> None:
    visit(page, "/mingshui/demand/")
    page.locator("#facets").get_by_role("link", name="实习").click()
    expect(page.locator("#results")).not_to_contain_text("数控技术员")
    page.get_by_role("link", name="保存检索，有新岗位通知我").click()
    page.get_by_label("即时").check()
    check(page)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("护理实习生")


def state_from_a_template(page: Page, visit: Visit) -> None:
    visit(page, "/mingshui/demand/new/")
    press(page, "使用")
    press(page, "提交审核")  # the template does not know the days
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    page.locator("#id_starts_on").fill(f"{clock.today() + timedelta(days=90)}")
    page.locator("#id_ends_on").fill(f"{clock.today() + timedelta(days=270)}")
    page.locator("#id_shift").select_option("day")
    check(page)
    press(page, "提交审核")
    expect(page.locator("main")).to_contain_text("待审核")


def publish(page: Page, visit: Visit) -> None:
    visit(page, "/mingshui/demand/review/?state=submitted")
    page.get_by_label("全部", exact=True).check()
    expect(page.locator("input[name=position]")).to_be_checked()
    press(page, "发布所选")
    expect(page.locator("main")).to_contain_text("已发布 1 个岗位")


def read_the_notice(page: Page, visit: Visit) -> None:
    visit(page, "/me/notices/")
    page.get_by_role("link", name=re.compile("有新岗位")).first.click()
    expect(page.locator("h1")).to_contain_text(TITLE)


def find_it(page: Page, visit: Visit) -> None:
    """Anybody: two letters find it, a facet narrows, the contact stays hidden."""
    visit(page, "/demand/")
    page.locator("#filter-q").fill("阀门")
    expect(page.locator("#results")).not_to_contain_text("护理实习生")
    page.locator("#results").get_by_role("link", name=TITLE).click()
    expect(page.locator("main")).to_contain_text("联系方式仅向已登录的成员单位人员显示")
    assert page.locator('script[type="application/ld+json"]').count() == 1
    check(page)


def confirm_it(recruiter: User, open_page: OpenPage, visit: Visit, width: int) -> None:
    page = open_page(user=recruiter, width=width)
    visit(page, "/me/todo/")
    page.get_by_role("link", name=re.compile("待确认或关闭")).first.click()
    expect(page.locator("#results")).to_contain_text("待再次确认")
    check(page)
    press(page, "确认所选仍有需求")
    expect(page.locator("main")).to_contain_text("已确认 1 个岗位")


def reopen_it(page: Page, visit: Visit) -> None:
    visit(page, "/mingshui/demand/confirmations/")
    expect(page.locator("main")).to_contain_text("因无人确认而关闭")
    press(page, "重新开放")
    expect(page.locator("main")).to_contain_text("已发布")
    assert Position.objects.get(title_zh=TITLE).state == Position.State.PUBLISHED
