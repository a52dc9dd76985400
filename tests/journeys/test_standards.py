"""A course standard from the first word to everybody's page: school, firm, committee, stranger."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from silian.education.programmes.tests.factories import make_programme
from silian.education.reviewing.tests.factories import make_committee
from silian.education.standards.models import Edition, Section
from silian.education.standards.tests.factories import make_skill
from silian.governance.bodies.models import Body
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Cast:
    """Who takes part in the story."""

    consortium: Consortium
    manager: User
    firm: Organisation
    engineer: User
    committee: Body


@pytest.fixture
def cast() -> Cast:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    school = make_organisation(Organisation.Kind.COLLEGE, name_zh="明水职业学院")
    firm = make_organisation(name_zh="明水阀门有限公司")
    for unit in (school, firm):
        make_membership(consortium, unit)
    make_programme(school, name_zh="机电一体化技术")
    make_skill(name_zh="阀门试验", name_en="Valve testing")
    manager = make_staff(school, Role.Kind.MANAGER)
    committee = make_committee(consortium)
    return Cast(consortium, manager, firm, make_staff(firm), committee)


def test_a_standard_is_written_reviewed_and_published(
    cast: Cast, open_page: OpenPage, visit: Visit, width: int
) -> None:
    school = open_page(user=cast.manager, width=width)
    begin(school, visit)
    edition = Edition.objects.get()
    write(edition, school, visit)
    invite(cast, edition, school, visit)
    comment(edition, open_page(user=cast.engineer, width=width), visit)
    answer_and_hand_in(cast, edition, school, visit)

    for member in cast.committee.appointments.select_related("user"):
        review(open_page(user=member.user, width=width), visit)

    publish(edition, school, visit)
    read(cast, edition, open_page(width=width), visit)


def begin(page: Page, visit: Visit) -> None:
    visit(page, "/mingshui/standards/desk/")
    page.get_by_role("link", name="新建标准").first.click()
    page.locator("#id_kind").select_option("course")
    page.locator("#id_programme").select_option(index=1, force=True)
    page.locator("#id_title_zh").fill("阀门装配与试验课程标准")
    press(page, "开始第一版")
    expect(page.locator("main")).to_contain_text("起草中")
    check(page)


def write(edition: Edition, page: Page, visit: Visit) -> None:
    """One section by hand and kept while it is typed; the others stand there already."""
    place = edition.get_absolute_url()
    Section.objects.filter(edition=edition).exclude(kind="goals").update(text="按岗位要求编写。")
    visit(page, f"{place}sections/goals/")
    page.locator("#id_text").press_sequentially("* 能按标准完成密封试验")
    expect(page.locator("#kept")).to_contain_text("已为您暂存")
    check(page)
    press(page, "保存")
    visit(page, f"{place}units/new/")
    page.locator("#id_skills-0-skill-ts-control").press_sequentially("阀门")
    page.locator(".ts-dropdown .option", has_text="阀门试验").first.click()
    page.locator("#id_title_zh").fill("压力试验")
    page.locator("#id_theory_hours").fill("8")
    page.locator("#id_practice_hours").fill("24")
    page.locator("#id_credits").fill("2")
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("相差 +32")  # nothing is stated as the whole yet
    check(page)
    press(page, "取各单元合计")
    expect(page.locator("main")).not_to_contain_text("相差")


def invite(cast: Cast, edition: Edition, page: Page, visit: Visit) -> None:
    visit(page, f"{edition.get_absolute_url()}contributors/new/")
    page.locator("#id_organisation").select_option(str(cast.firm.pk), force=True)
    page.locator("#id_part").select_option("adviser")
    page.locator("#id_stated").fill("提供试验规程")
    press(page, "邀请")
    expect(page.locator("#contributors")).to_contain_text("明水阀门有限公司")


def comment(edition: Edition, page: Page, visit: Visit) -> None:
    visit(page, "/me/")
    expect(page.locator("main")).to_contain_text("邀请您参与的草稿")
    visit(page, edition.get_absolute_url())
    page.locator("#id_section").select_option("goals")
    page.locator("#id_quote").fill("密封试验")
    page.locator("#comments textarea").fill("请同时写明壳体试验。")
    press(page, "意见")
    expect(page.locator("#comments")).to_contain_text("请同时写明壳体试验。")
    check(page)


def answer_and_hand_in(cast: Cast, edition: Edition, page: Page, visit: Visit) -> None:
    visit(page, f"{edition.get_absolute_url()}hand-in/")
    expect(page.locator("main")).to_contain_text("还有 1 条意见没有答复")
    visit(page, edition.get_absolute_url())
    page.locator("#comments").get_by_role("link", name="回复").click()
    page.get_by_label("采纳", exact=True).check()
    check(page)
    press(page, "保存")
    visit(page, f"{edition.get_absolute_url()}hand-in/")
    page.locator("#id_body").select_option(str(cast.committee.pk))
    page.locator("#id_due_on").fill(f"{clock.today() + timedelta(days=10)}")
    check(page)
    press(page, "提交")
    expect(page.locator("main")).to_contain_text("正在提出意见")


def review(page: Page, visit: Visit) -> None:
    visit(page, "/me/")
    page.get_by_role("link", name="请您提出评审意见").first.click()
    page.get_by_role("link", name="提出意见").first.click()
    page.get_by_label("同意", exact=True).check()
    page.locator("#id_reason").fill("与岗位一致。")
    check(page)
    press(page, "保存")
    expect(page.locator("#opinions")).to_contain_text("与岗位一致。")


def publish(edition: Edition, page: Page, visit: Visit) -> None:
    visit(page, edition.get_absolute_url())
    page.get_by_role("link", name="学校审定").click()
    page.locator("#id_number").fill("教〔2026〕12号")
    check(page)
    press(page, "批准")
    page.get_by_role("link", name="发布", exact=True).click()
    press(page, "发布")
    expect(page.locator("main")).to_contain_text("现行")


def read(cast: Cast, edition: Edition, page: Page, visit: Visit) -> None:
    """A stranger reads what counts and which firms took part, and no names."""
    visit(page, edition.standard.get_absolute_url())
    main = page.locator("main")
    for words in ("密封试验", "明水阀门有限公司", "提供试验规程", "教〔2026〕12号", "阀门试验"):
        expect(main).to_contain_text(words)
    for person in (cast.engineer, cast.manager):
        expect(main).not_to_contain_text(person.name)
    expect(main).not_to_contain_text("请同时写明壳体试验。")
