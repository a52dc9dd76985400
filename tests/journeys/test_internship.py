"""An internship from a confirmed place to its certificate: school, unit, student, guardian."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.urls import reverse
from playwright.sync_api import Page, expect

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.governance.signing.models import Signatory
from silian.industry.demand.tests.factories import make_position
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.talent.internships.models import Internship
from silian.talent.internships.tests.factories import make_intern
from silian.talent.placement.models import Placement
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round, Seat
from silian.talent.safeguards.models import Policy, SiteCheck
from silian.talent.wishes.models import Wish, WishList
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Cast:
    consortium: Consortium
    keeper: User
    teacher: User
    master: User
    student: Student


@pytest.fixture
def cast() -> Cast:
    """A confirmed place; the unit was checked and the insurance bought."""
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    school = make_organisation(Organisation.Kind.COLLEGE, name_zh="明水职业学院")
    firm = make_organisation(name_zh="明水阀门有限公司", staff_count=300)
    for unit in (school, firm):
        make_membership(consortium, unit)
    student = make_intern(school, name="林白露")
    assert student.user
    Role.objects.create(user=student.user, kind=Role.Kind.STUDENT, organisation=school)
    today = clock.today()
    position = make_position(
        consortium,
        organisation=firm,
        kind="internship",
        title_zh="阀门装配",
        starts_on=today,
        ends_on=today + timedelta(days=120),
        duties_zh="装配和密封试验",
    )
    position.programmes.add(student.programme)
    place(consortium, student, position)
    keeper = make_staff(school)
    SiteCheck.objects.create(
        school=school,
        unit=firm,
        checked_on=today,
        valid_until=today + timedelta(days=200),
        by=keeper,
        checkers="实习处",
        findings="合格",
    )
    Policy.objects.create(
        holder=school,
        insurer="人保财险",
        number="P1",
        starts_on=today,
        ends_on=today + timedelta(days=200),
    )
    master = make_staff(firm, Role.Kind.MANAGER)
    for user in (keeper, master, student.user):
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.com")
    teacher = make_staff(school, Role.Kind.TEACHER)
    return Cast(consortium, keeper, teacher, master, student)


def place(consortium: Consortium, student: Student, position: object) -> None:
    now = clock.now()
    found = Round.objects.create(
        consortium=consortium,
        title_zh="实习匹配",
        kind="internship",
        wishes_from=now - timedelta(days=40),
        wishes_until=now - timedelta(days=30),
        ranking_until=now - timedelta(days=20),
        confirm_until=now + timedelta(days=10),
        graduates=student.graduates,
        seed="1",
    )
    seat = Seat.objects.create(round=found, position=position, quota=1)
    Round.objects.update(state="wishing")
    wishes = WishList.objects.create(round=found, student=student, code="AAAA2222")
    wish = Wish.objects.create(list=wishes, seat=seat, order=1)
    Round.objects.update(state="published")
    Placement.objects.create(
        round=found,
        student=student,
        wish=wish,
        seat=seat,
        state="confirmed",
        answered_at=now,
        answer_until=now + timedelta(days=10),
    )


def test_an_internship_by_the_book(
    cast: Cast, open_page: OpenPage, visit: Visit, settings: LazySettings, width: int
) -> None:
    settings.DEMO = True  # codes are shown instead of mailed
    school = open_page(user=cast.keeper, width=width)
    prepare(cast, school, visit)
    internship = Internship.objects.get()
    detail = internship.get_absolute_url()

    sign(cast.keeper, open_page(user=cast.keeper, width=width), visit)
    sign(cast.master, open_page(user=cast.master, width=width), visit)
    sign(cast.student.user, open_page(user=cast.student.user, width=width), visit)
    guardian_signs(open_page(width=width), visit, settings)

    unit = open_page(user=cast.master, width=width)
    visit(unit, detail)
    press(unit, "身份证已核查")
    visit(school, detail)
    press(school, "开始实习")
    internship.refresh_from_db()
    assert internship.state == Internship.State.RUNNING

    write_a_week(internship, open_page(user=cast.student.user, width=width), visit)
    visit(unit, f"{detail}journal/")
    unit.locator("a.list-group-item").first.click()
    press(unit, "确认")

    assess(internship, open_page(user=cast.master, width=width), school, visit)


def prepare(cast: Cast, page: Page, visit: Visit) -> None:
    """One press makes it; a rule blocks until the pay is mended."""
    visit(page, reverse("internships:internship_index", args=[cast.consortium]))
    press(page, "办理实习")
    check(page)
    expect(page.locator("#findings")).to_contain_text("岗位实习报酬")
    expect(page.get_by_role("link", name="发起三方签署")).to_have_count(0)
    page.get_by_role("link", name="编辑").first.click()
    fields = {"pay": "3300", "wage": "4000", "hours_a_day": "8", "hours_a_week": "40"}
    for name, value in (fields | {"post_staff": "60"}).items():
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_school_mentor").select_option(str(cast.teacher.pk))
    page.locator("#id_unit_mentor").select_option(str(cast.master.pk))
    page.locator("#id_insurance").select_option(index=1)
    check(page)
    press(page, "保存")
    expect(page.locator("#findings")).not_to_contain_text("岗位实习报酬")
    page.get_by_role("link", name="发起三方签署").click()
    check(page)
    press(page, "发起三方签署")
    expect(page.locator("main")).to_contain_text("签署")


def sign(user: User | None, page: Page, visit: Visit) -> None:
    visit(page, Signatory.objects.get(user=user).get_absolute_url())
    confirm(page)


def confirm(page: Page) -> None:
    press(page, "发送验证码")
    shown = page.locator("#code .alert-info").inner_text()
    page.locator("#id_code").fill("".join(filter(str.isdigit, shown))[-6:])
    page.locator("#id_confirmed").check()
    press(page, "签署")
    expect(page.locator(".alert-success").first).to_be_visible()


def guardian_signs(page: Page, visit: Visit, settings: LazySettings) -> None:
    guardian = Signatory.objects.exclude(guardian_of="").get()
    visit(page, guardian.link.removeprefix(settings.SITE_URL))
    expect(page.locator("main")).to_contain_text("知情同意书")
    confirm(page)


def write_a_week(internship: Internship, page: Page, visit: Visit) -> None:
    visit(page, reverse("practice:entry_new", args=[internship.consortium, internship.pk]))
    page.locator("#id_done").fill("装配截止阀并做密封试验。")
    page.reload()  # the network was lost before it was saved
    expect(page.locator("#id_done")).to_have_value("装配截止阀并做密封试验。")
    check(page)
    press(page, "保存并提交")
    expect(page.locator("main")).to_contain_text("待导师批阅")


def assess(internship: Internship, master: Page, school: Page, visit: Visit) -> None:
    page = reverse("assessments:assessment", args=[internship.consortium, internship.pk])
    visit(master, page)
    give(master, "process", "90")
    visit(school, page)
    for part in ("attendance", "result"):
        give(school, part, "85")
    check(school)
    expect(school.locator("main")).to_contain_text("90.00")


def give(page: Page, part: str, points: str) -> None:
    page.locator("#id_part").select_option(part)
    page.locator("#id_points").fill(points)
    press(page, "保存")
