import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.ceremonies import policy, services
from silian.governance.ceremonies.models import Ceremony, Turn
from silian.governance.ceremonies.tests.factories import make_ceremony, make_item, make_opened
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Item
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.governance.signatures.tests.test_on_screen import at_once, sign
from silian.governance.signing.tests.factories import make_frozen
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def url(name: str, consortium: Consortium, *args: object) -> str:
    return reverse(f"ceremonies:{name}", args=[consortium, *args])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def order(ceremony: Ceremony) -> list[int]:
    return list(ceremony.turns.order_by("order").values_list("agreement", flat=True))


def test_the_secretariat_chooses_and_orders_what_is_signed(
    secretary: Client, consortium: Consortium
) -> None:
    item = make_item(consortium)
    first, second, third = (make_opened(consortium).agreement for _ in range(3))
    unopened = make_frozen(consortium)
    abroad = make_opened(make_consortium()).agreement

    answer = secretary.get(url("item_ceremony", consortium, item.pk), follow=True)
    assert first.title_en in answer.text
    for other in (unopened, abroad):
        assert other.title_en not in answer.text

    prepare = url("ceremony_prepare", consortium, item.pk)
    secretary.post(prepare, {"agreements": [third.pk, first.pk]})
    ceremony = Ceremony.objects.get()
    assert order(ceremony) == [third.pk, first.pk]
    page = secretary.get(prepare).text
    assert page.index(third.title_en) < page.index(first.title_en) < page.index(second.title_en)
    assert page.count(" checked") == 2

    secretary.post(prepare, {"agreements": [first.pk, second.pk, third.pk]})
    assert order(ceremony) == [first.pk, second.pk, third.pk]
    assert secretary.get(url("item_ceremony", consortium, item.pk)).status_code == 302


@pytest.mark.parametrize("choice", ["nothing", "abroad", "unopened"])
def test_wrong_choices_are_refused(secretary: Client, consortium: Consortium, choice: str) -> None:
    item = make_item(consortium)
    good = make_opened(consortium).agreement
    keys = {
        "nothing": [],
        "abroad": [good.pk, make_opened(make_consortium()).agreement.pk],
        "unopened": [good.pk, make_frozen(consortium).pk],
    }[choice]
    page = secretary.post(url("ceremony_prepare", consortium, item.pk), {"agreements": keys})
    assert "Nothing is saved yet." in page.text
    assert page.text.count(" checked") == (1 if keys else 0)
    assert not Ceremony.objects.exists()


def test_an_agreement_stands_in_one_ceremony_ahead(consortium: Consortium) -> None:
    ceremony = make_ceremony(make_item(consortium))
    taken = ceremony.turns.first().agreement
    item = make_item(consortium)
    assert taken not in policy.signable(consortium, None)
    with pytest.raises(IllegalMove):
        services.prepare(item, [taken], by=make_user())
    with pytest.raises(IntegrityError), transaction.atomic():
        Turn.objects.create(ceremony=ceremony, agreement=taken)
    with pytest.raises(IllegalMove):
        other = Item.objects.create(meeting=item.meeting, title_zh="报告")
        services.prepare(other, [], by=make_user())


def test_a_dozen_agreements_are_signed_in_turn(secretary: Client, consortium: Consortium) -> None:
    signings = [make_opened(consortium) for _ in range(12)]
    ceremony = make_ceremony(make_item(consortium), signings)

    def page() -> str:
        return secretary.get(ceremony.get_absolute_url()).text

    def screen() -> str:
        address = url("screen", consortium, ceremony.pk)
        return secretary.get(address, headers={"hx-request": "true"}).text

    assert "Begin the ceremony" in page()
    assert "Signing now" not in screen()
    secretary.post(url("ceremony_start", consortium, ceremony.pk))
    for number, process in enumerate(signings, start=1):
        shown = screen()
        assert f"Signing now: {number} of 12" in shown
        assert process.agreement.title_en in shown
        assert "Signed by all" not in shown
        for signatory in process.signatories.all():
            sign(signatory)
            assert "Has signed" in screen()
        assert "Signed by all" in screen()
        if number < 12:
            assert "Next agreement" in page()
        secretary.post(url("ceremony_next", consortium, ceremony.pk))
    assert "Next agreement" not in page()
    assert f"Signing now: {12} of 12" in screen()
    secretary.post(url("ceremony_back", consortium, ceremony.pk))
    assert "Signing now: 11 of 12" in screen()
    secretary.post(url("ceremony_finish", consortium, ceremony.pk))

    ceremony.refresh_from_db()
    assert ceremony.state == "done"
    note = Item.objects.get(pk=ceremony.item_id).note
    assert signings[0].agreement.title_zh in note
    assert len(note.splitlines()) == 13
    protocol = secretary.get(url("protocol", consortium, ceremony.pk)).text
    assert signings[11].agreement.title_en in protocol
    assert secretary.post(url("ceremony_next", consortium, ceremony.pk)).status_code == 403


def test_what_was_called_keeps_its_turn(consortium: Consortium) -> None:
    ceremony = make_ceremony(make_item(consortium))
    secretary = make_secretary(consortium)
    services.start(ceremony, by=secretary)
    first, second, third = (turn.agreement for turn in ceremony.turns.order_by("order"))
    services.prepare(ceremony.item, [third, second], by=secretary)
    assert set(order(ceremony)) == {first.pk, second.pk, third.pk}
    services.prepare(ceremony.item, [third], by=secretary)
    assert set(order(ceremony)) == {first.pk, third.pk}


def test_a_ceremony_begins_in_a_meeting_in_session(consortium: Consortium) -> None:
    user = make_secretary(consortium)
    early = make_ceremony(make_item(consortium, state="called"))
    assert "not in session" in policy.may_start(user, early).reason
    empty = make_ceremony(make_item(consortium), [])
    assert "Choose first" in policy.may_start(user, empty).reason
    running = make_ceremony(make_item(consortium))
    services.start(running, by=user)
    assert "begun already" in policy.may_start(user, running).reason
    services.finish(running, by=user)
    assert not policy.may_prepare(user, running.item)
    with pytest.raises(IllegalMove):
        services.step(running, 1, by=user)
    with pytest.raises(IllegalMove):
        services.prepare(running.item, [], by=user)


def test_who_sees_a_ceremony_and_who_conducts_it(consortium: Consortium) -> None:
    ceremony = make_ceremony(make_item(consortium))
    member = make_staff(make_membership(consortium).organisation, "manager")
    pages = [
        ceremony.get_absolute_url(),
        url("screen", consortium, ceremony.pk),
        url("protocol", consortium, ceremony.pk),
    ]
    verbs = ["ceremony_start", "ceremony_next", "ceremony_back", "ceremony_finish"]
    for page in pages:
        assert signed_in(member).get(page).status_code == 200
        assert signed_in(make_user()).get(page).status_code == 404
        assert signed_in(make_secretary(make_consortium())).get(page).status_code == 404
        assert Client().get(page).status_code == 302
    assert "Begin the ceremony" not in signed_in(member).get(pages[0]).text
    for verb in verbs:
        address = url(verb, consortium, ceremony.pk)
        assert signed_in(member).post(address).status_code == 403
        assert signed_in(make_user()).post(address).status_code == 404
        assert signed_in(member).get(address).status_code == 405
    prepare = url("ceremony_prepare", consortium, ceremony.item_id)
    assert signed_in(member).get(prepare).status_code == 403
    assert signed_in(make_user()).get(prepare).status_code == 404


def test_the_list_and_the_page_take_the_same_queries_however_long(
    secretary: Client, consortium: Consortium
) -> None:
    def queries(address: str) -> int:
        secretary.get(address)
        with CaptureQueriesContext(connection) as found:
            secretary.get(address)
        return len(found)

    index = url("ceremony_index", consortium)
    ceremony = make_ceremony(make_item(consortium), [make_opened(consortium)])
    page = ceremony.get_absolute_url()
    before = queries(index), queries(page)
    for order_ in range(2, 31):
        make_ceremony(make_item(consortium), [])
        Turn.objects.create(
            ceremony=ceremony, agreement=make_opened(consortium).agreement, order=order_
        )
    assert (queries(index), queries(page)) == before


def test_the_index_leads_to_items_that_nothing_is_prepared_for(
    secretary: Client, consortium: Consortium
) -> None:
    item = make_item(consortium)
    page = secretary.get(url("ceremony_index", consortium)).text
    assert url("item_ceremony", consortium, item.pk) in page


@pytest.mark.django_db(transaction=True)
def test_two_who_press_next_at_once_skip_nothing() -> None:
    ceremony = make_ceremony()
    user = make_secretary(ceremony.item.meeting.consortium)
    services.start(ceremony, by=user)
    errors = at_once(*[lambda: services.step(ceremony, 1, by=user)] * 2)
    assert errors == []
    assert ceremony.turns.exclude(called_at=None).count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_ceremony_begins_once() -> None:
    ceremony = make_ceremony()
    user = make_secretary(ceremony.item.meeting.consortium)
    steps = [lambda: services.start(Ceremony.objects.get(pk=ceremony.pk), by=user)] * 2
    assert at_once(*steps) == ["IllegalMove"]
