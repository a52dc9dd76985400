import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import make_organisation, make_staff
from silian.governance.roles.services import accept_with_new_account
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.sheets.registry import Row
from silian.talent.profiles import services
from silian.talent.profiles.imports import Students
from silian.talent.profiles.models import Student
from silian.talent.profiles.tests.factories import make_school, make_student

pytestmark = pytest.mark.django_db


def test_only_the_school_sees_its_students(client: Client) -> None:
    student = make_student()
    home = f"/organisations/{student.school_id}/students/"
    page = f"{home}{student.pk}/"
    client.force_login(make_staff(student.school))
    assert student.name in client.get(home).text
    assert client.get(page).status_code == 200
    for user in (student.user, make_staff(make_school()), make_staff(make_organisation())):
        client.force_login(user)
        for address in (home, page, f"{page}edit/", f"{home}new/"):
            assert client.get(address).status_code == 404
        for verb in ("invite", "graduate", "leave"):
            assert client.post(f"{page}{verb}/").status_code == 404
    client.logout()
    assert client.get(home).status_code == 302


def test_students_read_their_own_record_alone(client: Client) -> None:
    student, other = make_student(), make_student()
    client.force_login(student.user)
    text = client.get("/me/record/").text
    assert student.number in text
    assert other.number not in text
    client.force_login(make_user())  # an adult whom no school has enrolled has a record too
    assert "Begin with what you can do" in client.get("/me/record/").text


def test_a_student_is_entered_and_bad_input_is_explained(client: Client) -> None:
    school = make_school()
    other = make_student(school)
    client.force_login(make_staff(school))
    home = f"/organisations/{school.pk}/students/"
    programme = make_code(CodeList.Kind.PROGRAMME)
    typed = {
        "number": other.number,
        "name": "李雷",
        "programme": programme.code,
        "entered": 2027,
        "graduates": 2024,
        "points": "120",
    }
    text = client.post(f"{home}new/", typed).text
    for told in ("Another student has this number", "not after the year", "from 0 to 100", "李雷"):
        assert told in text
    right = typed | {"number": "N1", "entered": 2024, "graduates": 2027, "points": "88.5"}
    client.post(f"{home}new/", right)
    assert Student.objects.get(number="N1").programme == programme


def test_taking_up_the_invitation_joins_the_account(client: Client) -> None:
    student = make_student(user=None, email="li@example.com")
    staff = make_staff(student.school)
    client.force_login(staff)
    home = f"/organisations/{student.school_id}/students/"
    assert "Invite those" in client.get(home).text
    client.post(f"{home}invite/")
    student.refresh_from_db()
    first = student.invitation
    client.post(f"{home}{student.pk}/invite/")
    student.refresh_from_db()
    assert student.invitation != first
    assert student.invitation.link in client.get(f"{home}{student.pk}/").text
    user = accept_with_new_account(
        student.invitation, name="李", username="li", password="Vdk2-pLq9-x", language="zh-hans"
    )
    student.refresh_from_db()
    assert student.user == user


def test_a_sheet_enters_and_updates(client: Client) -> None:
    school = make_school()
    known = make_student(school, number="1", name="旧名")
    programme = make_code(CodeList.Kind.PROGRAMME, name_zh="数控技术")
    sheet = Students()
    form = type(sheet.form(school))
    rows = []
    for line, number in enumerate(("1", "2"), start=2):
        cells = {"number": number, "name": "新名", "entered": 2024, "graduates": 2027}
        read = form(cells | {"programme": "数控技术"})
        assert read.is_valid(), read.errors
        rows.append(Row(line, read.cleaned_data))
    assert not form({"programme": "没有"}).is_valid()
    assert not list(sheet.check(rows, school))
    assert list(sheet.check([*rows, Row(9, rows[0].data)], school))
    staff = make_staff(school)
    assert sheet.permitted(staff, school)
    assert not sheet.permitted(make_user(), school)
    assert sheet.save(rows, school, by=staff, progress=lambda done: None) == 2
    known.refresh_from_db()
    assert (known.name, known.programme, known.user is not None) == ("新名", programme, True)
    assert school.students.count() == 2


def test_who_left_is_no_longer_enrolled(client: Client) -> None:
    student = make_student()
    client.force_login(make_staff(student.school))
    page = f"/organisations/{student.school_id}/students/{student.pk}/"
    client.post(f"{page}leave/", {"reason": ""})
    student.refresh_from_db()
    assert student.state == "enrolled"
    client.post(f"{page}leave/", {"reason": "Moved"})
    student.refresh_from_db()
    assert student.state == "left"
    assert client.post(f"{page}graduate/").status_code == 403


def test_the_list_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    school = make_school()
    client.force_login(make_staff(school))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_student(school)
        client.get(f"/organisations/{school.pk}/students/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/organisations/{school.pk}/students/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_filters_and_chinese(client: Client) -> None:
    school = make_school()
    joined, alone = make_student(school), make_student(school, user=None)
    client.force_login(make_staff(school))
    client.cookies["django_language"] = "zh-hans"
    home = f"/organisations/{school.pk}/students/"
    page = client.get(f"{home}?account=no")
    assert [row.record for row in page.context["listing"].current] == [alone]
    assert "未邀请" in page.text
    page = client.get(f"{home}?account=yes&graduates=2027&q={joined.number}")
    assert [row.record for row in page.context["listing"].current] == [joined]


def test_a_graduate_keeps_the_record() -> None:
    student = make_student()
    services.mark_graduated(student, by=make_user())
    assert student.state == "graduated"
