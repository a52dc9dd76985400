"""From closed rooms to points that stay: two markers and a third, the signature, a wrong key."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from silian.education.marking import services
from silian.education.marking.models import Marking
from silian.education.marking.scores import theory_scores
from silian.education.marking.tests.factories import RIGHT, make_marker, make_marking
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_staff,
)
from silian.kernel.accounts.models import User
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)
PAPERS = [
    {**RIGHT, "1": "b", "3": "先断电、挂牌，再检修。"},
    {**RIGHT, "3": "戴好手套再开机。"},
]


@dataclass
class Cast:
    marking: Marking
    office: User
    markers: list[User]


@pytest.fixture
def cast() -> Cast:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    school = make_organisation(Organisation.Kind.COLLEGE, name_zh="明水技师学院")
    make_membership(consortium, school)
    office = make_staff(school)
    marking = make_marking(PAPERS, consortium=consortium, organiser=school, title_zh="电工三级")
    markers = [make_staff(school) for _n in range(3)]
    for number, user in enumerate(markers, start=1):
        User.objects.filter(pk=user.pk).update(name=f"阅卷老师{number}")
        user.refresh_from_db()
    make_marker(marking, markers[1])
    return Cast(marking, office, markers)


def test_from_answers_to_points_that_stay(
    cast: Cast, open_page: OpenPage, visit: Visit, width: int
) -> None:
    office = open_page(user=cast.office, width=width)
    appoint(cast, office, visit)
    mark(cast, open_page(user=cast.markers[0], width=width), visit, "9", "3.5")
    mark(cast, open_page(user=cast.markers[1], width=width), visit, "9", "8")
    call_a_third(cast, office, visit)
    mark(cast, open_page(user=cast.markers[2], width=width), visit, "7")
    sign(cast, office, visit)
    correct_a_key(cast, office, visit)
    look_at_a_sheet(cast, office, visit)


def appoint(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, "/me/todo/")
    expect(page.locator("main")).to_contain_text("任命“电工三级”的阅卷员")
    visit(page, cast.marking.exam.get_absolute_url())
    page.get_by_role("link", name="阅卷与成绩").click()
    check(page)
    page.get_by_role("link", name="任命阅卷员").first.click()
    check(page)
    page.locator("#id_user").select_option(str(cast.markers[0].pk), force=True)
    press(page, "任命")
    expect(page.locator("main")).to_contain_text("阅卷老师1")


def mark(cast: Cast, page: Page, visit: Visit, *points: str) -> None:
    """From the to-do to the last answer, by the keyboard alone."""
    visit(page, "/me/marking/")
    page.get_by_role("link", name="电工三级").click()
    check(page)
    names = [one.person.name for one in cast.marking.exam.candidates.select_related("person")]
    page.get_by_role("link", name="评阅", exact=True).click()
    check(page)
    for one in points:
        expect(page.locator("#id_points")).to_be_focused()
        text = page.locator("main").inner_text()
        assert not [name for name in names if name in text]
        page.keyboard.type("10.5")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("请按0.5分为单位评分")
        page.locator("#id_points").fill(one)
        page.locator("#id_points").press("Enter")
        page.wait_for_load_state("networkidle")


def call_a_third(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, cast.marking.get_absolute_url())
    expect(page.locator("main")).to_contain_text("有1份作答两人评分差距过大")
    services.appoint(cast.marking, cast.markers[2], by=cast.office)


def sign(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, cast.marking.get_absolute_url())
    press(page, "签字确认成绩")
    expect(page.locator("main")).to_contain_text("成绩概况")
    check(page)
    cast.marking.refresh_from_db()
    assert cast.marking.completed_by == cast.office
    known = theory_scores(cast.marking.exam).values()
    assert sum(one or 0 for one in known) == 75 + Decimal("77.5"), (
        "9, and of 3.5, 8, 7 the mean 7.5"
    )


def correct_a_key(cast: Cast, page: Page, visit: Visit) -> None:
    """It was b after all: who answered b gains, who answered a loses."""
    page.get_by_role("link", name="考试试题").click()
    check(page)
    page.get_by_role("link", name="A1", exact=True).click()
    check(page)
    page.get_by_role("link", name="更正本题").click()
    page.get_by_label("更正标准答案").check()
    page.locator("#id_right").select_option("b")
    page.get_by_label("原因").fill("标准答案录入有误")
    press(page, "预览影响")
    expect(page.locator("main")).to_contain_text("1份得分增加，1份得分减少")
    check(page)
    press(page, "对全体考生重新计分")
    expect(page.locator("main")).to_contain_text("标准答案录入有误")
    expect(page.locator("main")).to_contain_text("B. 选项b")


def look_at_a_sheet(cast: Cast, page: Page, visit: Visit) -> None:
    visit(page, f"{cast.marking.get_absolute_url()}sheets/")
    page.locator("td a").first.click()
    expect(page.locator("main")).to_contain_text("标准答案录入有误")
    check(page)
    with page.expect_download() as download:
        page.goto(f"{cast.marking.get_absolute_url()}sheets/")
        page.get_by_role("link", name="全部得分（xlsx）").click()
    assert download.value.suggested_filename.startswith("marks-")
