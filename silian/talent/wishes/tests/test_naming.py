"""An employer reads a number until the student lets it know who they are."""

import pytest
from django.test import Client

from silian.governance.members.tests.factories import make_secretary, make_staff
from silian.kernel.notices.models import Notice
from silian.talent.consents.models import Consent, View
from silian.talent.consents.tests.factories import make_consent
from silian.talent.rounds.models import Seat
from silian.talent.wishes.closing import close_wishes
from silian.talent.wishes.tests.factories import make_member_student, make_open_round, make_wishes
from silian.talent.wishes.tests.test_pages import applicants as seat_of
from silian.talent.wishes.tests.test_pages import desk

pytestmark = pytest.mark.django_db
PLACEMENT = Consent.Purpose.PLACEMENT


def applicants(seat: Seat) -> str:
    return f"{seat_of(seat)}applicants/"


def test_the_list_is_handed_in_with_or_without_consent(client: Client) -> None:
    found = make_open_round((1, 1))
    mine = make_wishes(found, *found.seats.all(), named=False)
    client.force_login(mine.student.user)
    page = client.get(desk(found)).text
    for seat in found.seats.all():
        assert seat.position.organisation.name in page
    assert "may read my name, school, programme and points" in page
    client.post(f"{desk(found)}confirm/", {"version": 2})
    assert not Consent.objects.exists()
    client.post(f"{desk(found)}confirm/", {"version": 2, "consent": "on"})
    given = Consent.objects.running().filter(purpose=PLACEMENT)
    assert {one.recipient for one in given} == {
        seat.position.organisation for seat in found.seats.all()
    }
    assert given[0].covers == ["education", "contact"] and "number" in given[0].text
    assert not Notice.objects.filter(message__contains="allows").exists()  # wishes are secret


def test_an_employer_reads_a_number_until_there_is_consent(client: Client) -> None:
    found = make_open_round((1, 1))
    first, second = found.seats.all()
    mine = make_wishes(found, first, second, named=False)
    make_consent(mine.student.person, PLACEMENT, second.position.organisation)  # to another
    close_wishes(found, by=None)
    employer, other = (make_staff(seat.position.organisation) for seat in (first, second))
    name, wish = mine.student.name, mine.wishes.get(seat=first)
    client.force_login(employer)
    for address in (applicants(first), f"{applicants(first)}?export=csv"):
        text = client.get(address).content.decode()
        assert name not in text and mine.student.school.name not in text
    assert f"#{wish.pk}" in client.get(applicants(first)).text
    assert mine.code not in client.get(applicants(first)).text  # which would tell all wishes
    client.force_login(other)
    assert name in client.get(applicants(second)).text
    secretary = make_secretary(found.consortium)
    client.force_login(secretary)
    assert name in client.get(applicants(first)).text
    assert set(View.objects.values_list("by", flat=True)) == {other.pk, secretary.pk}


def test_one_press_gives_and_one_withdraws(client: Client) -> None:
    found = make_open_round((1,))
    seat = found.seats.get()
    mine = make_wishes(found, seat, named=False)
    close_wishes(found, by=None)
    student, employer = mine.student.user, make_staff(seat.position.organisation)
    for press, named in (("give", True), ("withdraw", False), ("give", True)):
        client.force_login(student)
        client.post(f"{desk(found)}consent/{press}/")
        client.force_login(employer)
        assert (mine.student.name in client.get(applicants(seat)).text) == named
    client.force_login(student)
    consent = Consent.objects.running().get()
    client.post(f"/me/consents/{consent.pk}/withdraw/")  # and on the page of all consents
    client.force_login(employer)
    assert mine.student.name not in client.get(applicants(seat)).text
    assert Notice.objects.filter(to=employer, message__contains="no longer allows").exists()
    stranger = make_member_student(found)
    client.force_login(stranger.user)
    assert client.post(f"{desk(found)}consent/give/").status_code == 404
