"""An order class from its agreement to its result: school, firm, secretariat and students."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from silian.governance.agreements.models import Agreement
from silian.governance.members.tests.factories import make_secretary, make_staff
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.talent.cohorts.models import Cohort
from silian.talent.cohorts.tests.factories import make_training_agreement
from silian.talent.mentoring.statements import Quarter
from silian.talent.mentoring.tests.factories import make_hours, make_mentor
from silian.talent.outcomes.models import Outcome
from silian.talent.profiles.models import Student
from silian.talent.profiles.tests.factories import make_student
from silian.talent.rotations.models import Group, Stay
from silian.talent.rotations.tests.factories import make_phase
from silian.talent.settlements.models import Promise, Settlement
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Cast:
    agreement: Agreement
    school: User
    firm: User
    secretary: User
    students: list[Student]

    @property
    def home(self) -> str:
        return f"/{self.agreement.consortium.slug}/cohorts/"


@pytest.fixture
def cast() -> Cast:
    agreement = make_training_agreement(title_zh="智行订单班培养协议")
    consortium = agreement.consortium
    school, firm = (party.organisation for party in agreement.party_set.order_by("order"))
    students = [make_student(school, name=name) for name in ("林白露", "周谷雨")]
    for student in students:
        assert student.user
        Role.objects.create(user=student.user, kind=Role.Kind.STUDENT, organisation=school)
    return Cast(
        agreement, make_staff(school), make_staff(firm), make_secretary(consortium), students
    )


def test_an_order_class_from_agreement_to_result(
    cast: Cast, open_page: OpenPage, visit: Visit, width: int
) -> None:
    firm, school = open_page(user=cast.firm, width=width), open_page(user=cast.school, width=width)
    cohort = set_up(cast, firm, open_page(user=cast.secretary, width=width), visit)
    for student in cast.students:
        apply(cohort, student, open_page(user=student.user, width=width), visit)
    agree(cast, cohort, school, firm, visit)
    plan(cohort, school, visit)
    settle(cohort, school, firm, visit)
    finish(cohort, school, visit)


def page_of(cohort: Cohort) -> str:
    return f"/{cohort.consortium.slug}/cohorts/{cohort.pk}/"


def set_up(cast: Cast, firm: Page, secretary: Page, visit: Visit) -> Cohort:
    visit(firm, f"{cast.home}new/?agreement={cast.agreement.pk}")
    firm.locator("#id_title_zh").fill("智行订单班")
    firm.locator("#id_quota").fill("41")  # the agreement is on 40
    today = clock.today()
    firm.locator("#id_starts_on").fill(f"{today - timedelta(days=120)}")
    firm.locator("#id_ends_on").fill(f"{today + timedelta(days=600)}")
    press(firm, "保存")
    expect(firm.locator("main")).to_contain_text("协议约定培养40人")
    check(firm)
    cohort = Cohort.objects.get()
    firm.goto(f"{page_of(cohort)}edit/")
    firm.locator("#id_quota").fill("1")
    press(firm, "保存")
    press(firm, "提交审核")
    visit(secretary, page_of(cohort))
    press(secretary, "审核通过并开放")
    expect(secretary.locator("main")).to_contain_text("选拔中")
    return cohort


def apply(cohort: Cohort, student: Student, page: Page, visit: Visit) -> None:
    visit(page, page_of(cohort))
    page.get_by_role("link", name="报名", exact=True).click()
    page.locator("#id_statement").fill("想学一门扎实的技能。")
    if student.name == "林白露":  # the other does not let the firm read the name
        page.locator("#id_consent").check()
    press(page, "提交报名")
    expect(page.locator("main")).to_contain_text("已报名")
    check(page)


def agree(cast: Cast, cohort: Cohort, school: Page, firm: Page, visit: Visit) -> None:
    first, second = cohort.learners.order_by("number")
    desk = f"{page_of(cohort)}selection/"
    visit(school, desk)
    school.locator(f"#id_l{first.pk}-choice").select_option("take")
    school.locator(f"#id_l{second.pk}-choice").select_option("wait")
    school.locator(f"#id_l{second.pk}-order").fill("1")
    press(school, "同意并移交")
    expect(school.locator("main")).to_contain_text("在企业处")
    visit(firm, desk)
    expect(firm.locator("main")).to_contain_text("林白露")
    expect(firm.locator("main")).not_to_contain_text("周谷雨")
    press(firm, "同意并移交")
    expect(firm.locator("main")).to_contain_text("双方已同意")
    first.refresh_from_db()
    assert first.state == "selected"
    visit(school, page_of(cohort))
    press(school, "开班")
    expect(school.locator("main")).to_contain_text("在读")


def plan(cohort: Cohort, school: Page, visit: Visit) -> None:
    make_phase(cohort, title_zh="工学交替")
    visit(school, f"{page_of(cohort)}plan/groups/new/")
    school.locator("#id_name").fill("甲组")
    school.get_by_label("林白露").check()
    press(school, "保存")
    press(school, "生成轮换安排")
    expect(school.locator("main")).to_contain_text("本阶段轮换已安排")
    check(school)
    assert Stay.objects.filter(group=Group.objects.get()).count() == 3


def settle(cohort: Cohort, school: Page, firm: Page, visit: Visit) -> None:
    mentor = make_mentor(cohort, name="周师傅")
    last = Quarter.of(clock.today()).previous
    make_hours(mentor, 6, on=last.last, what="数控车削指导")
    Promise.objects.create(cohort=cohort, giver=cohort.enterprise, measure="hours", amount=6)
    visit(school, f"{page_of(cohort)}promises/")
    press(school, "编制结算单")
    expect(school.locator("main")).to_contain_text("-6")
    settlement = Settlement.objects.get()
    visit(firm, settlement.get_absolute_url())
    press(firm, "提出异议", reason="6小时尚未确认")
    visit(school, f"{page_of(cohort)}mentors/hours/")
    press(school, "确认待确认的1条")
    school.goto(f"{settlement.get_absolute_url()}correct/")
    school.locator("#id_reason").fill("课时已确认")
    check(school)
    press(school, "生成新版本")
    press(school, "确认")
    new = Settlement.objects.standing().get()
    visit(firm, new.get_absolute_url())
    press(firm, "确认")
    expect(firm.locator("main")).to_contain_text("双方已确认")


def finish(cohort: Cohort, school: Page, visit: Visit) -> None:
    visit(school, page_of(cohort))
    press(school, "结业")
    learner = cohort.learners.get(state="completed")
    visit(school, f"{page_of(cohort)}result/at_end/")
    school.locator(f"#id_l{learner.pk}-fate").select_option("here")
    school.locator(f"#id_l{learner.pk}-source").select_option("contract")
    school.locator(f"#id_l{learner.pk}-certificates").fill("1")
    press(school, "保存")
    expect(school.locator("main")).to_contain_text("100%")
    check(school)
    assert Outcome.objects.get().fate == "here"
