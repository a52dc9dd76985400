"""A firm enrols fifty from a spreadsheet."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from silian.education.courses.models import Session
from silian.education.courses.tests.factories import make_session
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.tests.factories import make_enrolment, number_of
from silian.governance.members.tests.factories import make_membership, make_staff
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.sheets.models import Import

pytestmark = pytest.mark.django_db


def sheet_of(*rows: tuple[str, str]) -> SimpleUploadedFile:
    lines = ["full name,identity number,who pays", *(f"{name},{number}," for name, number in rows)]
    return SimpleUploadedFile("people.csv", "\n".join(lines).encode())


def bring(client: Client, session: Session, firm: int, *rows: tuple[str, str]) -> Import:
    place = f"/sheets/enrolments.people/{session.pk}-{firm}/"
    page = client.post(place, {"file": sheet_of(*rows)})
    assert page.status_code == 302, page.text
    return Import.objects.get(pk=page["Location"].rstrip("/").split("/")[-1])


def test_fifty_at_once_with_errors_per_cell(client: Client) -> None:
    session = make_session(places_max=45)
    firm = make_membership(session.course.consortium).organisation
    client.force_login(make_staff(firm))
    people = [(f"学员{n}号", number_of(n)) for n in range(1, 51)]
    wrong = [*people[:49], ("错号", "110101199001010019")]
    found = bring(client, session, firm.pk, *wrong, people[0])
    fields = [(problem[0], problem[1]) for problem in found.problems]
    assert fields == [(51, "number"), (52, "number")]
    assert not any(number in str(found.problems) for _name, number in wrong)
    found = bring(client, session, firm.pk, *people)
    assert (found.problem_count, found.total) == (0, 50)
    assert found.outlook == ["45 people get a place.", "5 people stand on the waiting list."]
    client.post(f"/sheets/enrolments.people/{session.pk}-{firm.pk}/{found.pk}/confirm/")
    states = list(session.enrolments.order_by("pk").values_list("state", flat=True))
    assert states == ["enrolled"] * 45 + ["waiting"] * 5
    assert not Person.objects.filter(id_digest=None).exists()
    assert found.file.sealed


def test_who_stands_there_already_is_said_to_their_firm_alone(client: Client) -> None:
    session = make_session()
    firm = make_membership(session.course.consortium).organisation
    client.force_login(make_staff(firm))
    make_enrolment(session, make_person(name="自己来的"))
    found = bring(client, session, firm.pk, ("林白露", number_of(1)))
    client.post(f"/sheets/enrolments.people/{session.pk}-{firm.pk}/{found.pk}/confirm/")
    again = bring(client, session, firm.pk, ("林白露", number_of(1)), ("周白露", number_of(2)))
    assert [problem[0] for problem in again.problems] == [2]
    assert Enrolment.objects.filter(session=session).count() == 2


def test_only_who_acts_for_the_firm_brings_its_people(client: Client) -> None:
    session = make_session()
    firm = make_membership(session.course.consortium).organisation
    client.force_login(make_staff(make_membership(session.course.consortium).organisation))
    assert client.get(f"/sheets/enrolments.people/{session.pk}-{firm.pk}/").status_code == 404
