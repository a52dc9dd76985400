"""One human being is one row, and the identity number is nowhere in the clear."""

import io
import logging
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from python_calamine import CalamineWorkbook

from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_staff
from silian.kernel import vault
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.search.services import find
from silian.kernel.sheets.models import Import
from silian.kernel.sheets.registry import Row
from silian.talent.profiles import services
from silian.talent.profiles.imports import Students
from silian.talent.profiles.models import Doubt, Student
from silian.talent.profiles.tests.factories import make_school, make_student
from silian.talent.profiles.tests.numbers import id_number

pytestmark = pytest.mark.django_db
FIRST, SECOND = id_number(11), id_number(22)


def row(number: str, name: str, id_card: str = "", **more: object) -> dict[str, Any]:
    programme = make_code(CodeList.Kind.PROGRAMME)
    facts = {"number": number, "name": name, "id_number": id_card, "programme": programme}
    return facts | {"entered": 2024, "graduates": 2027} | more


def enter(school: Organisation, *rows: dict[str, Any]) -> None:
    services.enter_students(list(rows), school=school, by=make_staff(school))


def faults(school: Organisation, *rows: dict[str, Any]) -> list[str]:
    numbered = [Row(line, data) for line, data in enumerate(rows, start=2)]
    return [message for _line, _field, message in Students().check(numbered, school)]


def test_a_sealed_text_is_opened_by_former_keys_too(settings: Any) -> None:
    kept, found_by = vault.sealed(FIRST), vault.digest(FIRST)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]
    assert vault.opened(kept) == FIRST
    assert found_by in vault.digests(FIRST)
    assert found_by != vault.digest(FIRST)
    assert vault.sealed(FIRST) != vault.sealed(FIRST)


def test_a_number_tells_birth_and_gender_and_is_masked() -> None:
    school = make_school()
    enter(school, row("1", "张三", id_number(11, "20091231")))
    person = school.students.get().person
    assert person.born_on == date(2009, 12, 31)
    assert person.gender == Person.Gender.MALE
    assert person.id_masked == "0000**********" + id_number(11, "20091231")[-4:]


def test_the_same_number_at_two_schools_is_one_person() -> None:
    one, other = make_school(), make_school()
    enter(one, row("1", "张三", FIRST))
    enter(other, row("77", "张 三", FIRST))
    assert Person.objects.count() == 1
    assert Person.objects.get().enrolments.count() == 2


def test_a_student_with_a_new_number_is_not_entered_twice() -> None:
    school = make_school()
    enter(school, row("old", "张三", FIRST), row("2", "李四", SECOND))
    enter(school, row("new", "张三", FIRST), row("2", "李四", SECOND))
    assert set(school.students.values_list("number", flat=True)) == {"new", "2"}


def test_who_was_known_without_a_number_is_brought_together_with_its_holder() -> None:
    one, other = make_school(), make_school()
    enter(one, row("1", "张三", FIRST))
    pupil = make_student(other, number="9", name="张三")
    enter(other, row("9", "张三", FIRST))
    person = Person.objects.get()  # the row with the account stays
    assert person == pupil.person
    assert person.enrolments.count() == 2
    assert person.born_on == date(2008, 5, 1)


def test_what_contradicts_is_told_row_by_row() -> None:
    school = make_school()
    enter(school, row("1", "张三", FIRST), row("2", "李四", SECOND))
    third = id_number(33)
    told = faults(school, row("3", "王五", third), row("4", "王五", third))
    assert told == ["Another row has the same ID card number."]
    assert "name does not fit" in faults(school, row("5", "赵六", FIRST))[0]
    assert "another ID card number" in faults(school, row("1", "张三", third))[0]
    assert "two people" in faults(school, row("2", "张三", FIRST))[0]
    assert not faults(school, row("1", "张三", FIRST), row("2", "李四", SECOND))


def test_the_dry_run_says_who_is_new_known_and_missing() -> None:
    school = make_school()
    enter(school, row("1", "张三", FIRST), row("2", "李四", SECOND))
    rows = [Row(2, row("1", "张三", FIRST)), Row(3, row("8", "孙七"))]
    told = list(Students().outlook(rows, school))
    assert [sentence.split()[0] for sentence in told] == ["1", "1", "1"]


def test_an_account_that_joins_a_second_school_stays_one_person() -> None:
    first = make_student()
    second = make_student(user=None, person=make_person(user=None, name=first.name))
    services.join_account(second, user=first.user)
    second.refresh_from_db()
    assert second.person == first.person
    assert Person.objects.filter(user=first.user).count() == 1


def test_two_accounts_are_never_made_one(client: Client) -> None:
    school = make_school()
    holder, pupil = make_person(name="张三"), make_student(school, number="1", name="张三")
    Person.objects.filter(pk=holder.pk).update(
        id_sealed=vault.sealed(FIRST), id_digest=vault.digest(FIRST)
    )
    enter(school, row("1", "张三", FIRST))
    doubt = Doubt.objects.get()
    assert (doubt.person, doubt.holder) == (pupil.person, holder)
    client.force_login(make_user(duty=User.Duty.SYSTEM))
    page = client.get("/people/compared/").text
    assert "Two accounts" in page
    assert client.post(f"/people/compared/{doubt.pk}/together/", {"reason": "x"}).status_code == 403


# --- a school learns nothing of whether somebody is known elsewhere ---------------------------


def seen_by(client: Client, staff: User, school: Organisation) -> tuple[list[str], list[str]]:
    """What an office is told, and the pages it sees, when it enters and changes one student."""
    client.force_login(staff)
    home, told = f"/organisations/{school.pk}/students/", []
    for number in ("1", "new"):  # a second student number: the same student
        sheet = [Row(2, row(number, "李四", FIRST))]
        told += [*map(str, Students().check(sheet, school)), *Students().outlook(sheet, school)]
        enter(school, sheet[0].data)
    told += faults(school, row("new", "李四", SECOND), row("new", "王五", FIRST))
    pupil = school.students.get()
    pages = ["", f"{pupil.pk}/", f"{pupil.pk}/edit/", "?export=csv"]
    texts = [client.get(f"{home}{page}").content.decode() for page in pages]
    typed = {"number": "2", "name": "王五", "programme": pupil.programme.code, "id_number": FIRST}
    texts.append(client.post(f"{home}new/", typed | {"entered": 2024, "graduates": 2027}).text)
    texts.append(client.get(f"/search/?q={pupil.name}").text)
    person = pupil.person
    told += [person.name, person.gender, str(person.born_on), person.id_masked]
    return told, [re.sub(r'\d+|(nonce|value)="[^"]*"', "", text) for text in texts]


def test_an_office_sees_the_same_whether_the_number_is_known_elsewhere(client: Client) -> None:
    school, elsewhere = make_school(), make_school()
    staff = make_staff(school)
    make_code(CodeList.Kind.PROGRAMME)
    seen = []
    for known in (False, True):
        with transaction.atomic():
            if known:
                enter(elsewhere, row("9", "张三", FIRST))  # by another name
            seen.append(seen_by(client, staff, school))
            assert Doubt.objects.count() == known
            transaction.set_rollback(True)
    assert seen[0] == seen[1]


def test_who_is_in_doubt_is_compared_by_the_administrator_alone(client: Client) -> None:
    elsewhere, school = make_school(), make_school()
    enter(elsewhere, row("9", "张三", FIRST))
    enter(school, row("1", "张三丰", FIRST))
    enter(school, row("1", "张三丰", FIRST))  # again: asked once
    doubt = Doubt.objects.get()
    staff = make_staff(school)
    for stranger in (staff, make_staff(elsewhere), make_user()):
        client.force_login(stranger)
        assert client.get("/people/compared/").status_code == 403
        assert client.post(f"/people/compared/{doubt.pk}/together/").status_code == 404
    assert "张三丰" not in client.get("/people/compared/").text
    client.force_login(make_user(duty=User.Duty.SYSTEM))
    page = client.get("/people/compared/").text
    assert "张三丰" in page and FIRST not in page
    client.post(f"/people/compared/{doubt.pk}/together/", {"reason": ""})
    assert Person.objects.count() == 2  # no reason, nothing done
    client.post(f"/people/compared/{doubt.pk}/together/", {"reason": "学校已核对身份证原件"})
    assert Person.objects.get().enrolments.count() == 2
    assert Student.objects.get(school=school).name == "张三丰"


def test_who_is_kept_apart_stays_the_schools_own(client: Client) -> None:
    school = make_school()
    enter(make_school(), row("9", "张三", FIRST))
    enter(school, row("1", "李四", FIRST))
    doubt = Doubt.objects.get()
    client.force_login(make_user(duty=User.Duty.SYSTEM))
    client.post(f"/people/compared/{doubt.pk}/apart/", {"reason": "号码录入有误"})
    assert Person.objects.count() == 2
    enter(school, row("1", "李四", FIRST))  # the same sheet again asks nothing anew
    doubt.refresh_from_db()
    assert Doubt.objects.get() == doubt and doubt.state == "apart"
    call_command("seal_again", stdout=io.StringIO())
    assert school.students.get().person.id_digest is None


def test_the_form_keeps_a_number_and_refuses_another_ones(client: Client) -> None:
    school = make_school()
    enter(school, row("1", "张三", FIRST))
    client.force_login(make_staff(school))
    home = f"/organisations/{school.pk}/students/"
    programme = make_code(CodeList.Kind.PROGRAMME)
    typed = {"number": "2", "name": "李四", "programme": programme.code}
    typed |= {"entered": 2024, "graduates": 2027, "id_number": FIRST}
    assert "name does not fit" in client.post(f"{home}new/", typed).text  # its own student
    assert "must not stand here" in client.post(f"{home}new/", typed | {"number": SECOND}).text
    client.post(f"{home}new/", typed | {"id_number": SECOND.lower(), "guardian_name": "李父"})
    student = Student.objects.get(number="2")
    assert vault.opened(bytes(student.person.id_sealed)) == SECOND
    assert student.person.guardian_name == "李父"
    page = client.get(f"{home}{student.pk}/edit/").text
    assert SECOND not in page and student.person.id_masked in page
    client.post(f"{home}{student.pk}/edit/", typed | {"id_number": "", "name": "李四四"})
    student.person.refresh_from_db()
    assert student.person.id_digest == vault.digest(SECOND)  # left empty, kept


# --- nowhere in the clear -------------------------------------------------------------------


def csv(*lines: list[str]) -> bytes:
    return "\n".join(",".join(line) for line in lines).encode("utf-8-sig")


HEAD = ["student number", "full name", "ID card number", "programme", "year of entry"]
HEAD += ["year of graduation", "note"]


def everything_in_the_database() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        texts = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            texts += [text for (text,) in cursor.fetchall()]
    return "\n".join(texts)


def everything_stored() -> bytes:
    paths = Import.objects.values_list("file__content", flat=True)
    return b"".join(default_storage.open(path).read() for path in paths)


@pytest.mark.parametrize("good", [True, False])
def test_the_number_is_in_no_table_file_page_export_or_log(
    client: Client, caplog: pytest.LogCaptureFixture, good: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    school = make_school()
    make_code(CodeList.Kind.PROGRAMME, name_zh="数控技术")
    wrong = SECOND[:-1] + ("0" if SECOND[-1] != "0" else "1")
    lines = [HEAD, ["1", "张三", FIRST, "数控技术", "2024", "2027", FIRST]]
    lines += [] if good else [["2", "李四", wrong, "数控技术", "2024", "2027", wrong]]
    lines += [] if good else [[SECOND, "王五", "", SECOND, "2024", "2027", ""]]
    client.force_login(make_staff(school))
    home = f"/sheets/profiles.students/{school.pk}/"
    upload = SimpleUploadedFile("名册.csv", csv(*lines), "text/csv")
    page = client.post(home, {"file": upload}, follow=True)
    found = Import.objects.get()
    shown = page.text
    if good:
        shown += client.post(f"{home}{found.pk}/confirm/", follow=True).text
        assert Student.objects.get().person.id_digest == vault.digest(FIRST)
    else:
        errors = client.get(f"{home}{found.pk}/errors/")
        assert errors.status_code == 200
        shown += cells_of(errors.content)
        assert found.problem_count >= 3
    assert client.get(f"{home}{found.pk}/file/").status_code == 404
    pupils = f"/organisations/{school.pk}/students/"
    shown += client.get(pupils).text + client.get(f"{pupils}?export=csv").text
    assert not find(make_staff(school), FIRST).total
    for number in (FIRST, SECOND, wrong):
        assert number not in everything_in_the_database()
        assert number.encode() not in everything_stored()
        assert number not in caplog.text
        assert number not in shown


def cells_of(content: bytes) -> str:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return "\n".join(str(cell) for line in sheet.to_python() for cell in line)


def test_after_a_change_of_key_numbers_are_sealed_again(settings: Any) -> None:
    school = make_school()
    enter(school, row("1", "张三", FIRST))
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [former]
    assert not faults(school, row("1", "张三", FIRST))  # found under the former key
    call_command("seal_again", stdout=io.StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    person = Person.objects.get()
    assert person.id_digest == vault.digest(FIRST)
    assert person.id_masked.endswith(FIRST[-4:])
