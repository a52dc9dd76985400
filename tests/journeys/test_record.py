"""A student's record from the first skill to its end: filled in, shared, read, seen, withdrawn,
taken along, and what deletion would leave.
"""

import json

import pytest
from playwright.sync_api import Page, expect

from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_organisation, make_staff
from silian.governance.roles.models import Role
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.talent.consents.models import Consent
from silian.talent.profiles.models import Student
from silian.talent.profiles.services import save_student
from silian.talent.profiles.tests.factories import make_student
from silian.talent.profiles.tests.numbers import id_number
from tests.journeys.conftest import OpenPage, Visit, check

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = id_number(8)


@pytest.fixture
def student() -> Student:
    school = make_organisation(Organisation.Kind.COLLEGE, name_zh="明水职业学院")
    found = make_student(school, name="林白露")
    Role.objects.create(user=found.user, kind=Role.Kind.STUDENT, organisation=school)
    Skill.objects.create(name_zh="数控编程", name_en="CNC programming")
    return save_student(found, by=make_staff(school), id_number=NUMBER)


@pytest.fixture
def recruiter() -> User:
    return make_staff(make_organisation(name_zh="明水阀门有限公司"))


def test_a_record_belongs_to_its_person(
    student: Student, recruiter: User, open_page: OpenPage, visit: Visit, width: int
) -> None:
    page = open_page(user=student.user, width=width)
    fill_in(page, visit)
    share(page, visit)
    firm = open_page(user=recruiter, width=width)
    read(firm, visit, student)
    see_who_read_and_withdraw(page, visit, recruiter)
    answer = firm.goto(f"/people/{student.person_id}/")
    assert answer is not None and answer.status == 404
    take_along(page, visit)
    ask_for_correction(page, visit)
    read_what_deletion_leaves(page, visit)


def fill_in(page: Page, visit: Visit) -> None:
    visit(page, "/me/record/")
    expect(page.locator("main")).to_contain_text("0000**********")
    expect(page.locator("body")).not_to_contain_text(NUMBER)
    page.get_by_role("link", name="添加: 技能").click()
    page.locator("#id_skill-ts-control").press_sequentially("数控")
    page.locator(".ts-dropdown .option", has_text="数控编程").click()
    page.locator("#id_level").select_option("3")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="添加: 项目").click()
    page.locator("#id_title").fill("不对外的毕业设计")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#skill")).to_contain_text("数控编程")
    check(page)


def share(page: Page, visit: Visit) -> None:
    """To one firm, without the projects."""
    page.get_by_role("link", name="授权查阅档案").first.click()
    page.locator("#id_q, #q").last.fill("明水阀门")
    page.get_by_role("button", name="搜索", exact=True).last.click()
    page.get_by_role("link", name="明水阀门有限公司").click()
    check(page)
    page.get_by_label("项目与语言").uncheck()
    page.get_by_role("button", name="我同意").click()
    expect(page.locator("main")).to_contain_text("明水阀门有限公司")
    check(page)
    assert Consent.objects.running().count() == 1


def read(page: Page, visit: Visit, student: Student) -> None:
    visit(page, "/me/notices/")
    page.get_by_role("link", name="林白露").first.click()
    expect(page.locator("h1")).to_contain_text("林白露")
    expect(page.locator("main")).to_contain_text("数控编程")
    expect(page.locator("main")).not_to_contain_text("毕业设计")
    expect(page.locator("body")).not_to_contain_text(NUMBER)
    check(page)


def see_who_read_and_withdraw(page: Page, visit: Visit, recruiter: User) -> None:
    visit(page, "/me/views/")
    expect(page.locator("main")).to_contain_text(recruiter.name)
    expect(page.locator("main")).to_contain_text("明水阀门有限公司")
    visit(page, "/me/consents/")
    page.get_by_role("button", name="撤回").click()
    page.wait_for_load_state("networkidle")
    assert not Consent.objects.running().exists()


def take_along(page: Page, visit: Visit) -> None:
    visit(page, "/me/data/")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="JSON").click()
    text = downloading.value.path().read_text()
    held = {one["name"]: one["rows"] for one in json.loads(text)["holdings"]}
    assert len(held["record"]) == 2 and held["views"]
    assert NUMBER not in text


def ask_for_correction(page: Page, visit: Visit) -> None:
    page.get_by_role("link", name="向明水职业学院提出").click()
    page.locator("#id_wrong").fill("毕业年份有误")
    page.locator("#id_right").fill("应为 2028 年")
    page.get_by_role("button", name="提交学校").click()
    expect(page.locator("main")).to_contain_text("毕业年份有误")
    check(page)


def read_what_deletion_leaves(page: Page, visit: Visit) -> None:
    page.get_by_role("link", name="注销并删除").click()
    expect(page.locator("#goes")).to_contain_text("我的档案条目")
    expect(page.locator("#stays")).to_contain_text("个人信息保护法")
    check(page)
    page.get_by_label("我已阅读").check()
    page.get_by_role("button", name="申请删除").click()
    expect(page.locator("main")).to_contain_text("将于")
    page.get_by_role("button", name="中止").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("main")).not_to_contain_text("将于")
