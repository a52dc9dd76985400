"""Training from a firm's sheet to completion: firm, waiting list, roll call by code and list."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from silian.education.completions.models import Completion
from silian.education.courses.models import Lesson, Session
from silian.education.courses.tests.factories import make_course, make_session
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.tests.factories import number_of
from silian.education.rollcalls.codes import code_of
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_membership, make_staff
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.persons.models import Person
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)
PLACES = 50


@dataclass
class Cast:
    session: Session
    firm: Organisation
    staff: User
    organiser: User
    teacher: User
    learner: User  # enrols alone, and gets the last place

    @property
    def page(self) -> str:
        return f"/{self.session.course.consortium.slug}/courses/sessions/{self.session.pk}/"


@pytest.fixture
def cast() -> Cast:
    teacher = make_user("罗老师")
    course = make_course(title_zh="数控车削培训", attended_percent=100)
    session = make_session(course, days=0, lessons=1, places_max=PLACES, teacher=teacher)
    assert course.organiser
    firm = make_membership(course.consortium).organisation
    learner = make_user("林白露")
    Person.objects.create(user=learner, name="林白露")
    people = (make_staff(firm), make_staff(course.organiser), teacher, learner)
    return Cast(session, firm, *people)


def test_a_training_from_the_sheet_to_completion(
    cast: Cast, open_page: OpenPage, visit: Visit, width: int
) -> None:
    firm = open_page(user=cast.staff, width=width)
    learner = open_page(user=cast.learner, width=width)
    enrol_alone(cast, learner, visit)
    enrol_fifty(cast, firm, visit)
    give_up_a_place(cast, firm, visit)
    organiser = open_page(user=cast.organiser, width=width)
    visit(organiser, cast.page)
    press(organiser, "开班")
    expect(organiser.locator("main")).to_contain_text("培训中")
    call_the_roll(cast, learner, open_page(user=cast.teacher, width=width), visit)
    complete(cast, organiser, visit)


def enrol_alone(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, cast.page)
    page.get_by_role("link", name="本人报名").click()
    page.locator("#id_number").fill(number_of(99))
    page.locator("#id_agreed").check()
    check(page)
    press(page, "报名")
    expect(page.locator("main")).to_contain_text("您已获得名额")


def enrol_fifty(cast: Cast, page: Page, visit: Visit) -> None:
    """One place is taken: the fiftieth waits."""
    visit(page, f"{cast.page}enrol/{cast.firm.pk}/")
    page.get_by_role("link", name="用表格批量报名").click()
    lines = ["姓名,身份证号码,付费方", *(f"学员{n}号,{number_of(n)}," for n in range(1, 51))]
    sheet = {"name": "people.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    page.locator("input[type=file]").set_input_files(sheet)  # type: ignore[arg-type]
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("49人获得名额")
    check(page)
    press(page, "导入 50 行")
    expect(page.locator("main")).to_contain_text("已导入 50 行")
    visit(page, f"{cast.page}learners/?state=waiting")
    expect(page.locator("main")).to_contain_text("学员50号")


def give_up_a_place(cast: Cast, page: Page, visit: Visit) -> None:
    """The firm cancels one: its fiftieth moves up."""
    first = cast.session.enrolments.get(person__name="学员1号")
    visit(page, f"{first.get_absolute_url()}cancel/")
    expect(page.locator("main")).to_contain_text("今天退班应付")
    press(page, "退班")
    assert not Enrolment.objects.filter(state="waiting").exists()
    last = cast.session.enrolments.get(person__name="学员50号")
    page.goto(last.get_absolute_url())
    expect(page.locator("main")).to_contain_text("已报名")


def call_the_roll(cast: Cast, learner: Page, teacher: Page, visit: Visit) -> None:
    lesson = cast.session.lessons.get()
    start = clock.now() - timedelta(minutes=5)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=2)}
    Lesson.objects.filter(pk=lesson.pk).update(**times)
    lesson.refresh_from_db()
    visit(teacher, f"{cast.page}roll/")
    teacher.get_by_role("link", name="显示签到码").click()
    check(teacher)
    consortium = cast.session.course.consortium.slug
    visit(learner, f"/{consortium}/courses/lessons/{lesson.pk}/here/{code_of(lesson)}/")
    press(learner, "我到了")
    expect(learner.locator("main")).to_contain_text("您已签到")
    visit(teacher, f"/{consortium}/courses/lessons/{lesson.pk}/list/")
    teacher.get_by_label("学员2号", exact=True).select_option("here")
    press(teacher, "保存")
    expect(teacher.locator("main")).to_contain_text("到课2人")


def complete(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, f"{cast.page}result/")
    expect(page.locator("main")).to_contain_text("要求100%")
    press(page, "结束班次")
    expect(page.locator("main")).to_contain_text("2人结业")
    assert Completion.objects.count() == 2
    visit(page, f"/{cast.session.course.consortium.slug}/courses/year/")
