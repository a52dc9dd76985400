"""A unit reads a number until it has a ground to know who its intern is."""

import pytest
from django.test import Client
from django.urls import reverse

from silian.governance.members.tests.factories import make_staff
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.talent.consents.models import Consent, View
from silian.talent.consents.services import withdraw
from silian.talent.internships.policy import known_to_unit
from silian.talent.internships.services import cancel
from silian.talent.internships.tests.factories import make_agreed, make_internship

pytestmark = pytest.mark.django_db


def test_a_unit_reads_a_number_until_it_may_know_the_intern(client: Client) -> None:
    internship = make_internship(named=False)
    name, unit = internship.student.name, make_staff(internship.unit)
    index = reverse("internships:internship_index", args=[internship.consortium])
    page = internship.get_absolute_url()
    client.force_login(unit)
    for seen in (page, index, f"{index}?export=csv", f"{page}journal/"):
        text = client.get(seen).content.decode()
        assert name not in text and internship.student.number not in text
    assert f"#{internship.pk}" in client.get(index).text
    assert client.get(f"{index}?q={name}").context["listing"].total == 0
    assert not View.objects.exists()
    assert not [todo for todo in todos_of(unit) if name in todo.label]
    client.force_login(internship.student.user)
    assert "Allow the unit to know who I am" in client.get(page).text
    allow = f"/me/consents/internship/give/?recipient={internship.unit_id}"
    client.post(allow, {"recipient": internship.unit_id, "again": "1"})
    client.force_login(unit)
    assert name in client.get(page).text and name in client.get(index).text
    assert View.objects.filter(by=unit, organisation=internship.unit).count() == 2
    withdraw(Consent.objects.running().get(), by=internship.student.user)
    assert name not in client.get(page).text


def test_the_agreement_that_the_student_signed_is_a_ground() -> None:
    internship = make_internship(named=False)
    assert not known_to_unit(internship)
    make_agreed(internship)
    assert not Consent.objects.exists() and known_to_unit(internship)


def test_notices_to_a_unit_name_nobody_it_may_not_know() -> None:
    internship = make_internship(named=False)
    unit, school = make_staff(internship.unit), make_staff(internship.student.school)
    cancel(internship, by=school, why="学生转专业")
    name = internship.student.name
    told = {notice.to_id: notice.params["student"] for notice in Notice.objects.all()}
    assert told[unit.pk] == f"#{internship.pk}" and told[school.pk] == name
