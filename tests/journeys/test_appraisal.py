"""A skill level appraisal: a firm enters people, results, an appeal, a correction, final."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from silian.education.enrolments.tests.factories import number_of
from silian.education.results.models import Appeal, Outcome
from silian.education.results.tests.factories import (
    days_over,
    decide_turn,
    mark_practical,
    mark_theory,
    turn_of,
)
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.education.skillappraisals.tests.factories import make_appraisal, make_entry
from silian.governance.members.tests.factories import make_membership, make_staff
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.persons.models import Person
from silian.talent.issuing.models import Achievement
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Cast:
    appraisal: Appraisal
    staff: User  # of the firm
    clerk: User  # of the assessment body
    candidate: User  # entered by themselves

    @property
    def page(self) -> str:
        return f"/{self.appraisal.consortium.slug}/appraisals/{self.appraisal.pk}/"


@pytest.fixture
def cast() -> Cast:
    appraisal = make_appraisal(title_zh="电工四级职业技能等级认定")
    firm = make_membership(appraisal.consortium).organisation
    candidate = make_user("林白露")
    person = Person.objects.create(user=candidate, name="林白露")
    make_entry(appraisal, person=person)
    return Cast(appraisal, make_staff(firm), make_staff(appraisal.organiser), candidate)


def test_an_appraisal_from_the_sheet_to_what_is_final(
    cast: Cast, open_page: OpenPage, visit: Visit, width: int
) -> None:
    enter_people(cast, open_page(user=cast.staff, width=width), visit)
    office = open_page(user=cast.clerk, width=width)
    check_entries(cast, office, visit)
    entries = list(cast.appraisal.entries.order_by("number"))
    own = cast.appraisal.entries.get(person__user=cast.candidate)
    mark_theory(cast.appraisal, dict.fromkeys(entries, 80))
    mark_practical(cast.appraisal, {entry: 55 if entry == own else 75 for entry in entries})
    publish(cast, office, visit)
    candidate = open_page(user=cast.candidate, width=width)
    appeal(candidate, visit)
    reviewer = make_staff(cast.appraisal.organiser)
    decide(cast, office, open_page(user=reviewer, width=width), reviewer, visit)
    decide_turn(turn_of(own), 66)
    correct(cast, office, visit)
    visit(candidate, "/me/results/")
    expect(candidate.locator("main")).to_contain_text("已更正（第2版）：申诉成立，计时有误")
    days_over(cast.appraisal)
    visit(office, f"{cast.page}results/")
    press(office, "成绩生效")
    expect(office.locator("main")).to_contain_text("成绩已生效")
    assert Achievement.objects.filter(holds=True).count() == len(entries)


def enter_people(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, cast.page)
    page.get_by_role("link", name="表格批量报名").click()
    rows = "\n".join(f"考生{n}号,{number_of(n)},从事本职业满五年" for n in range(1, 4))
    sheet = f"姓名,身份证号码,申报依据\n{rows}\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    page.locator("main form button[type=submit]").first.click()
    press(page, "导入 3 行")
    expect(page.locator("main")).to_contain_text("已导入 3 行")
    visit(page, f"{cast.page}entries/")
    expect(page.locator("main")).to_contain_text("考生3号")


def check_entries(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, f"{cast.page}entries/?state=submitted")
    press(page, "全部通过")
    expect(page.locator("main")).to_contain_text("截止报名")
    check(page)
    press(page, "截止报名")
    expect(page.locator("main")).to_contain_text("评分与成绩")
    assert not Entry.objects.filter(state=Entry.State.SUBMITTED).exists()


def publish(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, f"{cast.page}results/")
    press(page, "拟定成绩")
    expect(page.locator("main")).to_contain_text("不合格")
    check(page)
    press(page, "公布成绩")
    expect(page.locator("main")).to_contain_text("公示至")
    assert Outcome.objects.filter(result="passed").count() == 3
    visit(page, f"{cast.page}results/publicity/")
    visit(page, f"{cast.page}results/figures/")


def appeal(page: Page, visit: Visit) -> None:
    visit(page, "/me/results/")
    expect(page.locator("main")).to_contain_text("尚未合格的科目： 技能考核")
    page.get_by_role("link", name="申诉", exact=True).click()
    page.locator("#id_part").select_option("practical")
    page.locator("#id_text").fill("第二道工序断电，未予补时，请复核。")
    check(page)
    press(page, "提交申诉")
    expect(page.locator("main")).to_contain_text("申诉已收到")


def decide(cast: Cast, office: Page, reviewer: Page, who: User, visit: Visit) -> None:
    address = Appeal.objects.get().get_absolute_url()
    visit(office, address)
    office.get_by_role("link", name="指定复核人").click()
    office.locator("#id_reviewer").select_option(str(who.pk), force=True)
    check(office)
    press(office, "保存")
    expect(office.locator("main")).to_contain_text("复核中")
    visit(reviewer, address)
    reviewer.get_by_role("link", name="处理申诉").click()
    reviewer.locator("#id_upheld").select_option("yes")
    reviewer.locator("#id_answer").fill("经查监考记录，确应补时五分钟。")
    press(reviewer, "保存")
    expect(reviewer.locator("main")).to_contain_text("申诉成立")


def correct(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, f"{cast.page}results/")
    expect(page.locator("main")).to_contain_text("公布后评分有更正")
    press(page, "公布更正", reason="申诉成立，计时有误")
    expect(page.locator("main")).not_to_contain_text("公布后评分有更正")
