from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.agreements import services
from silian.governance.agreements.models import Agreement
from silian.governance.agreements.tests.factories import make_agreement
from silian.governance.charters.tests.factories import other_todos
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.notices.models import Notice
from silian.kernel.search import services as search

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def draft(consortium: Consortium) -> Agreement:
    return make_agreement(consortium, summary_zh="共建", summary_en="Built **jointly**")


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def url(agreement: Agreement, verb: str = "detail") -> str:
    return reverse(f"agreements:agreement_{verb}", args=[agreement.consortium, agreement.pk])


def parties(agreement: Agreement) -> list[Organisation]:
    return [party.organisation for party in agreement.party_set.order_by("order")]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("signed.pdf", b"%PDF-1.7\n%scan\n")


def test_a_draft_is_seen_by_its_parties_and_the_secretariat_alone(
    secretary: Client, draft: Agreement
) -> None:
    index = reverse("agreements:agreement_index", args=[draft.consortium])
    inside = [secretary, signed_in(make_staff(parties(draft)[1]))]
    member = make_membership(draft.consortium).organisation
    secretary_elsewhere = make_secretary(make_consortium())
    outside = [Client(), *map(signed_in, [make_user(), make_staff(member), secretary_elsewhere])]
    for reader in inside:
        assert draft.title_en in reader.get(index).text
        assert "only its parties and the secretariat" in reader.get(url(draft)).text
    for reader in outside:
        assert draft.title_en not in reader.get(index).text
        assert draft.title_en not in reader.get(index, {"export": "csv"}).text
        assert reader.get(url(draft)).status_code == 404


def test_a_draft_that_was_given_up_stays_private(secretary: Client, draft: Agreement) -> None:
    secretary.post(url(draft, "end"), {"on": "2026-01-01", "why": "No money"})
    draft.refresh_from_db()
    assert draft.state == "ended"
    assert Client().get(url(draft)).status_code == 404


def test_what_is_signed_is_public_with_its_parties_in_order(draft: Agreement) -> None:
    services.register_signed(draft, by=make_user(), on=clock.today())
    page = Client().get(url(draft))
    first, second = parties(draft)
    assert page.text.index(first.name_en) < page.text.index(second.name_en)
    assert "<strong>jointly</strong>" in page.text
    assert "Signed on paper" not in page.text
    assert "Record" not in page.text


def test_the_page_is_chinese_for_chinese_readers(draft: Agreement) -> None:
    services.register_signed(draft, by=make_user(), on=clock.today())
    page = Client().get(url(draft), headers={"accept-language": "zh-hans"})
    assert "共建" in page.text
    assert "已签署" in page.text


@pytest.mark.parametrize("verb", ["register", "end"])
def test_nobody_else_changes_an_agreement(draft: Agreement, verb: str) -> None:
    party = signed_in(make_staff(parties(draft)[0]))
    answer = party.post(url(draft, verb), {"on": "2026-01-01", "why": "x"})
    assert answer.status_code == 403
    assert "Only the secretariat" in answer.text
    assert signed_in(make_user()).post(url(draft, verb)).status_code == 404
    assert Client().post(url(draft, verb)).status_code == 302  # to the sign-in page
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_signing_tells_the_people_of_all_parties_once(secretary: Client, draft: Agreement) -> None:
    first, second = parties(draft)
    people = [make_staff(first), make_staff(second)]

    secretary.post(url(draft, "register"), {"on": "2026-03-01", "scan": scan()})

    draft.refresh_from_db()
    assert (draft.state, str(draft.signed_on)) == ("signed", "2026-03-01")
    assert Notice.objects.filter(to__in=people, url=url(draft)).count() == 2
    assert draft.frozen.name == "signed.pdf"
    assert draft.number.endswith("-XY-2026-001")
    page = Client().get(reverse("drafting:check", args=[draft.check_code]))
    assert draft.frozen.sha256 in page.text


def test_a_signed_paper_comes_with_its_scan(secretary: Client, draft: Agreement) -> None:
    page = secretary.post(url(draft, "register"), {"on": "2026-03-01"})
    assert 'value="2026-03-01"' in page.text
    assert "This field is required." in page.text
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_the_document_is_for_the_table_or_for_all(draft: Agreement) -> None:
    services.register_signed(draft, by=make_user(), on=clock.today(), scan=scan())
    outsider = signed_in(make_user())
    assert outsider.get(url(draft, "document")).status_code == 403
    assert signed_in(make_staff(parties(draft)[0])).get(url(draft, "document")).status_code == 200
    Agreement.objects.update(public_text=True)
    assert outsider.get(url(draft, "document")).status_code == 200


def test_the_day_of_signing_has_come_and_is_within_the_term(
    secretary: Client, draft: Agreement
) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    page = secretary.post(url(draft, "register"), {"on": tomorrow.isoformat()})
    assert "This day is in the future." in page.text
    Agreement.objects.update(expires_on="2026-02-01")
    page = secretary.post(url(draft, "register"), {"on": "2026-02-01"})
    assert "It would have expired by then" in page.text


def test_a_party_that_left_hinders_the_signing(secretary: Client, draft: Agreement) -> None:
    gone = parties(draft)[1]
    Membership.objects.filter(organisation=gone).update(state="left")
    message = f"No longer a member: {gone.name_en}"
    assert message in secretary.get(url(draft)).text
    answer = secretary.post(url(draft, "register"), {"on": "2026-03-01"})
    assert (answer.status_code, message in answer.text) == (403, True)


def test_an_end_has_a_day_and_a_reason_that_the_parties_read(
    secretary: Client, consortium: Consortium
) -> None:
    agreement = make_agreement(consortium, state="signed")
    person = make_staff(parties(agreement)[0])

    page = secretary.post(url(agreement, "end"), {"on": "2020-01-01", "why": ""})
    assert "This is before the day of signing." in page.text
    assert "This field is required." in page.text
    today = clock.today().isoformat()
    secretary.post(url(agreement, "end"), {"on": today, "why": "Bankruptcy"})

    agreement.refresh_from_db()
    assert (agreement.state, agreement.ended_on) == ("ended", clock.today())
    assert Notice.objects.get(to=person).params["why"] == "Bankruptcy"
    assert "Bankruptcy" in signed_in(person).get(url(agreement)).text
    assert "Bankruptcy" not in Client().get(url(agreement)).text


@pytest.mark.parametrize(
    ("state", "verb", "message"),
    [
        ("signed", "register", "can no longer be changed"),
        ("ended", "register", "can no longer be changed"),
        ("ended", "end", "has ended already"),
    ],
)
def test_a_wrong_step_is_refused_with_the_reason(
    secretary: Client, consortium: Consortium, state: str, verb: str, message: str
) -> None:
    agreement = make_agreement(consortium, state=state)
    answer = secretary.post(url(agreement, verb), {"on": "2026-01-01", "why": "x"})
    assert answer.status_code == 403
    assert message in answer.text


def test_the_register_is_filtered_and_exported(client: Client, consortium: Consortium) -> None:
    soon = clock.today() + timedelta(days=10)
    first = make_agreement(consortium, state="signed", expires_on=soon, title_en="First")
    make_agreement(consortium, state="ended", kind="alliance", title_en="Second")
    index = reverse("agreements:agreement_index", args=[consortium])
    party = parties(first)[0]

    for query in (
        {"kind": "order_class"},
        {"state": "signed"},
        {"party": party.pk},
        {"within": 10},
        {"q": party.name_zh},
        {"q": first.title_zh},
    ):
        page = client.get(index, query)
        assert ("First" in page.text, "Second" in page.text) == (True, False), query
    assert "First" not in client.get(index, {"within": 9}).text
    csv = client.get(index, {"export": "csv"}).text
    assert party.name_en in csv
    assert "10" in csv


def test_the_secretariat_is_reminded_of_agreements_that_expire(consortium: Consortium) -> None:
    user = make_secretary(consortium)
    today = clock.today()
    make_agreement(consortium, state="signed", expires_on=today + timedelta(days=61))
    make_agreement(consortium, expires_on=today + timedelta(days=5))  # a draft
    assert not other_todos(user)

    make_agreement(consortium, state="signed", expires_on=today + timedelta(days=60))
    make_agreement(
        consortium,
        state="signed",
        signed_on=today - timedelta(days=400),
        expires_on=today - timedelta(days=3),
    )

    [todo] = other_todos(user)
    assert (todo.count, todo.place) == (2, consortium.name)
    assert todo.due.date() == today - timedelta(days=3)
    assert not other_todos(make_secretary(make_consortium()))


def test_the_list_asks_as_much_for_one_row_as_for_thirty(
    client: Client, consortium: Consortium
) -> None:
    index = reverse("agreements:agreement_index", args=[consortium])

    def grow(rows: int) -> int:
        for _ in range(rows):
            make_agreement(consortium, state="signed")
        with CaptureQueriesContext(connection) as queries:
            client.get(index)
        return len(queries)

    client.get(index)
    assert grow(1) == grow(29)


@pytest.mark.django_db(transaction=True)
def test_a_draft_is_found_by_those_who_may_see_it() -> None:
    draft = make_agreement(make_consortium(), title_zh="石墨烯共建协议")
    party = parties(draft)[0]
    assert [hit.url for hit in search.find(make_staff(party), "石墨烯")] == [url(draft)]
    assert not search.find(make_user(), "石墨烯")
