from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.education.courses.models import Session
from silian.education.courses.tests.factories import make_session
from silian.education.enrolments import services as enrolling
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.tests.factories import make_enrolment
from silian.education.fees import policy
from silian.education.fees.models import Receipt
from silian.governance.members.tests.factories import make_membership, make_organisation, make_staff
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.notices.todos import todos_of
from silian.kernel.persons.tests.factories import make_person

pytestmark = pytest.mark.django_db


class Wallet:
    """A way to pay online."""

    label = "钱包"

    def begin(self, enrolment: Enrolment, amount: Decimal, *, back: str) -> str:
        return f"https://wallet.example/?amount={amount}&back={back}"


def page_of(session: Session) -> str:
    return f"/{session.course.consortium.slug}/courses/sessions/{session.pk}/fees/"


def organiser_of(session: Session) -> User:
    assert session.course.organiser
    return make_staff(session.course.organiser)


def receive(client: Client, session: Session, *rows: Enrolment, **more: object) -> str:
    typed = {"way": "transfer", "paid_on": f"{clock.today()}", "enrolment": [r.pk for r in rows]}
    return client.post(f"{page_of(session)}receive/", typed | more, follow=True).text


def test_payments_are_entered_and_receipts_numbered(client: Client) -> None:
    session = make_session(days=-1)
    firm = make_membership(session.course.consortium).organisation
    staff = make_staff(firm)
    theirs = [make_enrolment(session, organisation=firm) for _ in range(3)]
    alone = make_enrolment(session)
    paid_by_state = make_enrolment(session, payer="government", price=Decimal(500))
    assert any("¥1,800" in todo.label for todo in todos_of(staff))
    client.force_login(organiser_of(session))
    assert "Tick at least one row." in receive(client, session)
    tomorrow = clock.today() + timedelta(days=1)
    text = receive(client, session, alone, paid_on=f"{tomorrow}", reference="A-17")
    assert "This day is in the future." in text and "A-17" in text
    receive(client, session, *theirs, alone, paid_by_state)
    made = list(Receipt.objects.order_by("number"))
    assert sorted((one.payer, one.amount) for one in made) == [
        ("government", 500),
        ("member", 1800),
        ("person", 800),
    ]
    assert [one.number for one in made] == [1, 2, 3]
    receive(client, session, alone)  # nothing is open any more
    assert Receipt.objects.count() == 3
    assert not [row for row in policy.visible_fees(staff, session) if row.open]
    assert not [todo for todo in todos_of(staff) if "Pay" in todo.label]
    assert "Receipt for" in Notice.objects.filter(to=staff).latest("pk").text


def test_a_receipt_is_a_paper_that_never_changes(client: Client) -> None:
    session = make_session()
    row = make_enrolment(session)
    client.force_login(organiser_of(session))
    receive(client, session, row)
    receipt = Receipt.objects.get()
    strangers = [make_staff(make_organisation()), make_user()]
    for stranger in strangers:
        client.force_login(stranger)
        assert client.get(receipt.get_absolute_url()).status_code == 404
    assert row.person.user
    client.force_login(row.person.user)
    first = b"".join(client.get(receipt.get_absolute_url()).streaming_content)  # type: ignore[attr-defined]
    assert first.startswith(b"%PDF")
    row.person.name = "改名"
    row.person.save()
    again = b"".join(client.get(receipt.get_absolute_url()).streaming_content)  # type: ignore[attr-defined]
    assert first == again
    assert receipt.code in client.get("/me/training/").text


def test_what_was_paid_too_much_goes_back(client: Client) -> None:
    session = make_session(days=3, late_percent=25)
    row = make_enrolment(session)
    organiser = organiser_of(session)
    client.force_login(organiser)
    receive(client, session, row)
    enrolling.cancel(row, by=row.person.user)  # type: ignore[arg-type]
    row.refresh_from_db()
    assert policy.open_for(row) == -600
    receive(client, session, row)
    assert [one.amount for one in Receipt.objects.order_by("pk")] == [800, -600]
    assert policy.open_for(row) == 0


def test_who_sees_what_is_owed(client: Client) -> None:
    session = make_session()
    firm = make_membership(session.course.consortium).organisation
    make_enrolment(session, make_person(name="林白露"), organisation=firm)
    make_enrolment(session, make_person(name="周谷雨"))
    client.force_login(make_staff(firm))
    text = client.get(page_of(session)).text
    assert "林白露" in text and "周谷雨" not in text
    assert client.post(f"{page_of(session)}receive/").status_code == 403
    client.force_login(make_staff(make_organisation()))
    assert "林白露" not in client.get(page_of(session)).text
    client.force_login(make_user())
    assert client.get(page_of(session)).status_code == 403


def test_the_database_keeps_numbers_apart() -> None:
    session = make_session()
    row = make_enrolment(session)
    client = Client()
    client.force_login(organiser_of(session))
    receive(client, session, row)
    twin = Receipt.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    assert Receipt.objects.count() == 1


def test_a_way_to_pay_online_is_offered_where_there_is_one(
    client: Client, settings: LazySettings
) -> None:
    row = make_enrolment()
    assert row.person.user
    client.force_login(row.person.user)
    assert "钱包" not in client.get(row.get_absolute_url()).text
    settings.PAYMENT_METHODS = {"wallet": f"{__name__}.Wallet"}
    text = client.get(row.get_absolute_url()).text
    assert "¥800: 钱包" in text
    address = f"/{row.session.course.consortium.slug}/courses/enrolments/{row.pk}/pay/"
    assert client.get(f"{address}wallet/")["Location"].startswith(
        "https://wallet.example/?amount=800"
    )
    assert client.get(f"{address}other/").status_code == 404
    client.force_login(organiser_of(row.session))
    assert client.get(f"{address}wallet/").status_code == 403


def test_the_list_asks_as_often_for_30_rows_as_for_one(client: Client) -> None:
    session = make_session(places_max=40)
    client.force_login(organiser_of(session))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            receive(client, session, make_enrolment(session))
        client.get(page_of(session))
        with CaptureQueriesContext(connection) as found:
            client.get(page_of(session))
        counts.append(len(found))
    assert counts[0] == counts[1]
