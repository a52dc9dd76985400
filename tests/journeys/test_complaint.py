"""A student complains without a name; the desk answers; the school meets nothing."""

import pytest
from playwright.sync_api import expect

from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.talent.complaints import services
from silian.talent.complaints.models import Complaint
from tests.journeys.conftest import OpenPage, Visit, check, press

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_complaint_reaches_the_desk_alone(open_page: OpenPage, visit: Visit, width: int) -> None:
    consortium = make_consortium("mingshui", name_zh="明水产教联合体")
    authority = make_organisation(Organisation.Kind.GOVERNMENT, name_zh="章丘区教育局")
    school = make_organisation(Organisation.Kind.COLLEGE, name_zh="明水职业学院")
    for unit in (authority, school):
        make_membership(consortium, unit)
    officer = make_staff(authority)
    services.appoint(consortium, user=officer, kind="authority", by=make_secretary(consortium))

    student = open_page(width=width)
    visit(student, "/mingshui/complaints/")
    student.get_by_role("link", name="投诉", exact=True).first.click()
    student.locator("#id_about").select_option("pay")
    student.locator("#id_text").fill("报酬先打给班主任,再转给我们,少了三百。")
    check(student)
    press(student, "提交")
    code = student.locator("#receipt").inner_text()
    check(student)

    desk = open_page(user=officer, width=width)
    visit(desk, f"/mingshui/complaints/desk/{Complaint.objects.get().pk}/")
    expect(desk.locator("main")).to_contain_text("少了三百")
    press(desk, "受理")
    desk.locator("#id_text").fill("已责成企业直接发给本人,差额本周补发。")
    press(desk, "回复")
    check(desk)

    visit(student, "/mingshui/complaints/follow/")
    student.locator("#id_code").fill(code)
    press(student, "查看答复")
    expect(student.locator("main")).to_contain_text("差额本周补发")
    check(student)

    keeper = open_page(user=make_staff(school), width=width)
    assert keeper.goto("/mingshui/complaints/desk/").status == 404  # type: ignore[union-attr]
