"""Who sees and does what on the pages of the ledger; statements and imports."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from silian.governance.agreements.models import Agreement
from silian.governance.charters.tests.factories import other_todos
from silian.governance.commitments.tests.factories import make_signed
from silian.governance.contributions import statements
from silian.governance.contributions.imports import Deliveries
from silian.governance.contributions.models import Entry, Pledge
from silian.governance.contributions.policy import entries_of
from silian.governance.contributions.tests.factories import make_entry, make_pledge
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.files.services import store
from silian.kernel.notices.models import Notice
from silian.kernel.sheets import checking, reading

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(row: Entry | Pledge, verb: str = "") -> str:
    address = row.get_absolute_url()
    return f"{address}{verb}/" if verb else address


def strangers() -> list[User]:
    return [make_staff(make_organisation()), make_secretary(make_consortium()), make_user()]


def new(agreement: Agreement, what: str = "gift") -> str:
    return reverse(f"contributions:{what}", args=[agreement.consortium, agreement.pk])


def test_a_pledge_is_entered_delivered_confirmed() -> None:
    agreement = make_signed()
    giver, receiver = (party.organisation for party in agreement.party_set.all())
    gives, takes = make_staff(giver), make_staff(receiver)
    form = signed_in(gives).get(new(agreement, "pledge_new")).context["form"]
    facts = {"giver": giver.pk, "receiver": receiver.pk, "measure": "equipment:items"}
    facts |= {"amount": "12", "text_zh": "教学装备", "token": f"{form.initial['token']}"}
    assert signed_in(gives).post(new(agreement, "pledge_new"), facts).status_code == 302
    signed_in(gives).post(new(agreement, "pledge_new"), facts)
    pledge = Pledge.objects.get()
    assert (pledge.kind, pledge.unit, pledge.amount) == ("equipment", "items", 12)

    form = signed_in(gives).get(url(pledge, "deliver")).context["form"]
    facts = {"amount": "5", "on": f"{clock.today()}", "text": "首批5台"}
    facts |= {"token": f"{form.initial['token']}", "file": SimpleUploadedFile("a.pdf", PDF)}
    assert signed_in(gives).post(url(pledge, "deliver"), facts).status_code == 302
    entry = Entry.objects.get()
    assert entry.pledge == pledge and entry.unit == "items" and entry.evidence
    assert [todo.label for todo in other_todos(takes)] == ["Deliveries to confirm"]
    assert signed_in(gives).post(url(entry, "confirm")).status_code == 403
    signed_in(takes).post(url(entry, "confirm"))
    assert other_todos(takes) == []
    page = signed_in(gives).get(agreement.get_absolute_url()).content.decode()
    assert "5 items / 12 items" in page
    assert Notice.objects.filter(to=gives, message__startswith="%(receiver)s has conf").exists()


def test_an_objection_goes_back_to_the_giver() -> None:
    entry = make_entry()
    giver, receiver = make_staff(entry.giver), make_staff(entry.receiver)
    signed_in(receiver).post(url(entry, "object"), {"reason": ""})
    assert not hasattr(Entry.objects.get(), "confirmation")
    signed_in(receiver).post(url(entry, "object"), {"reason": "只收到三台"})
    assert [todo.label for todo in other_todos(giver)] == ["Deliveries that were objected to"]
    assert "只收到三台" in signed_in(giver).get(url(entry)).content.decode()
    signed_in(giver).post(url(entry, "reverse"), {"reason": "按实数重新录入"})
    assert other_todos(giver) == []


def test_sides_secretary_and_strangers() -> None:
    pledge = make_pledge()
    file = store(SimpleUploadedFile("a.pdf", PDF), by=None)
    entry = make_entry(pledge, evidence=file)
    secretary = make_secretary(pledge.agreement.consortium)
    may = {"giver": (200, 403), "receiver": (403, 302), "secretary": (200, 403)}
    users = {"giver": make_staff(pledge.giver), "receiver": make_staff(pledge.receiver)}
    for name, user in (users | {"secretary": secretary}).items():
        client = signed_in(user)
        assert client.get(url(pledge)).status_code == client.get(url(entry)).status_code == 200
        assert client.get(url(entry, "evidence")).status_code == 200
        assert client.get(url(pledge, "deliver")).status_code == may[name][0]
        assert client.post(url(entry, "confirm")).status_code == may[name][1]
    for user in strangers():
        client = signed_in(user)
        for address in (url(pledge), url(entry), url(entry, "evidence"), url(pledge, "deliver")):
            assert client.get(address).status_code == 404
        for address in (url(entry, "confirm"), url(entry, "reverse"), url(pledge, "cancel")):
            assert client.post(address, {"reason": "x"}).status_code == 404
        assert client.get(new(pledge.agreement)).status_code == 404
        index = reverse("contributions:entry_index", args=[pledge.agreement.consortium])
        page = client.get(index)
        assert page.context["listing"].total == 0 and page.context["totals"] == []
        agreement_page = client.get(pledge.agreement.get_absolute_url()).content.decode()
        assert 'id="contributions"' not in agreement_page
    assert Client().get(url(entry)).status_code == 302


def test_who_entered_it_does_not_confirm_it() -> None:
    entry = make_entry()
    both = make_staff(entry.receiver)
    other = make_entry(entry.agreement, by=both)
    assert signed_in(both).post(url(other, "confirm")).status_code == 403
    assert [todo.count for todo in other_todos(both)] == [1]
    assert signed_in(both).post(url(entry, "confirm")).status_code == 302


@pytest.mark.parametrize(
    ("faults", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-3"}, "amount"),
        ({"amount": "1.234"}, "amount"),
        ({"amount": "99999999999"}, "amount"),
        ({"amount": "2.5", "measure": "places:places"}, "amount"),
        ({"measure": "gold:bars"}, "measure"),
        ({"on": f"{date(9000, 1, 1)}"}, "on"),
        ({"text": ""}, "text"),
        ({"receiver": "giver"}, "receiver"),
        ({"giver": "stranger"}, "giver"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "file"),
    ],
)
def test_wrong_input_is_named_and_kept(faults: dict[str, object], field: str) -> None:
    agreement = make_signed()
    giver, receiver = (party.organisation for party in agreement.party_set.all())
    who: dict[object, object] = {"giver": giver.pk, "stranger": make_organisation().pk}
    facts: dict[str, object] = {"giver": giver.pk, "receiver": receiver.pk, "amount": "10"}
    facts |= {"measure": "money:yuan", "on": f"{clock.today()}", "text": "奖学金"}
    facts |= {"token": "0b0e7f5e-1111-4111-8111-111111111111"}
    for name, value in faults.items():
        facts[name] = who.get(value, value) if isinstance(value, str) else value
    answer = signed_in(make_secretary(agreement.consortium)).post(new(agreement), facts)
    assert answer.context["form"].errors.keys() == {field}
    assert answer.context["form"]["amount"].value() == facts["amount"]
    assert not Entry.objects.exists()


def test_a_party_gives_only_in_its_own_name() -> None:
    agreement = make_signed()
    giver, receiver = (party.organisation for party in agreement.party_set.all())
    facts = {"giver": giver.pk, "receiver": receiver.pk, "measure": "hours:hours"}
    facts |= {"amount": "4", "on": f"{clock.today()}", "text": "讲课"}
    facts |= {"token": "0b0e7f5e-1111-4111-8111-111111111111"}
    answer = signed_in(make_staff(receiver)).post(new(agreement), facts)
    assert answer.context["form"].errors.keys() == {"giver"}
    assert signed_in(make_staff(giver)).post(new(agreement), facts).status_code == 302


def test_what_was_agreed_can_still_be_given_after_the_end_and_no_more_be_pledged() -> None:
    ended = make_signed(state=Agreement.State.ENDED)
    client = signed_in(make_secretary(ended.consortium))
    assert client.get(new(ended)).status_code == 200
    assert client.get(new(ended, "pledge_new")).status_code == 403


def test_a_cancelled_pledge_takes_no_delivery() -> None:
    pledge = make_pledge()
    receiver = signed_in(make_staff(pledge.receiver))
    receiver.post(url(pledge, "cancel"), {"reason": "不再需要"})
    giver = signed_in(make_staff(pledge.giver))
    assert giver.get(url(pledge, "deliver")).status_code == 403
    assert "不再需要" in giver.get(url(pledge)).content.decode()


def test_pledges_past_their_day_wait_for_their_giver() -> None:
    late = make_pledge(due=clock.today() - timedelta(days=1), amount=100)
    make_pledge(late.agreement, due=clock.today() + timedelta(days=1))
    giver = make_staff(late.giver)
    (todo,) = other_todos(giver)
    assert (todo.label, todo.count) == ("Pledges to keep", 1)
    assert signed_in(giver).get(todo.url).context["listing"].total == 1
    make_entry(late, amount=100, confirmed=True)
    assert other_todos(giver) == []


@pytest.mark.parametrize("name", ["entry_index", "pledge_index", "statement_index"])
def test_a_list_asks_the_same_number_of_queries_for_one_and_for_thirty(name: str) -> None:
    consortium = make_consortium()
    client = signed_in(make_secretary(consortium))
    address = reverse(f"contributions:{name}", args=[consortium])

    def grow(number: int) -> int:
        for at in range(number):
            pledge = make_pledge(make_signed(consortium))
            make_entry(pledge, confirmed=(None, True, False)[at % 3])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    client.get(address)
    assert grow(1) == grow(29)


def test_the_ledger_is_filtered_and_adds_up() -> None:
    pledge = make_pledge(amount=100_000)
    make_entry(pledge, amount=30_000, confirmed=True)
    make_entry(pledge, amount=4_000, text="第二批")
    make_entry(pledge, amount=500, confirmed=False)
    make_entry(pledge.agreement, kind="hours", unit="hours", amount=36, confirmed=True)
    index = reverse("contributions:entry_index", args=[pledge.agreement.consortium])
    client = signed_in(make_staff(pledge.receiver))
    for query, total in (
        ("", 4),
        ("?state=waiting", 1),
        ("?state=confirmed", 2),
        ("?state=objected", 1),
        ("?kind=hours", 1),
        ("?q=第二批", 1),
        (f"?year={clock.today().year}", 4),
        ("?year=1999", 0),
        (f"?agreement={pledge.agreement_id}", 4),
    ):
        assert client.get(index + query).context["listing"].total == total, query
    money, hours = client.get(index).context["totals"]
    shown = {"pledged": "CN¥100,000", "given": "CN¥30,000", "waiting": "CN¥4,000"}
    assert money.shown == shown and money.share == 30
    assert hours.shown == {"given": "36 hours"} and hours.share is None


# --- statements -------------------------------------------------------------------------


def year_of(member: Organisation) -> statements.Statement:
    return statements.statement_of(member, clock.today().year, entries_of(member))


def statement_url(entry: Entry, member: Organisation, year: int = 0) -> str:
    args = [entry.agreement.consortium, member.pk, year or clock.today().year]
    return reverse("contributions:statement", args=args)


def test_a_statement_adds_up_what_was_confirmed_in_the_year() -> None:
    today = clock.today()
    pledge = make_pledge()
    giver = pledge.giver
    for amount, confirmed, on in (
        (1_000, True, today),
        (200, True, today),
        (50, None, today),
        (7, False, today),
        (3, True, today - timedelta(days=800)),
    ):
        make_entry(pledge, amount=amount, confirmed=confirmed, on=on)
    back = pledge.receiver
    make_entry(pledge.agreement, giver=back, receiver=giver, amount=90, confirmed=True)
    (money,) = year_of(giver).totals
    assert (money.of("given"), money.of("received")) == (1_200, 90)
    (money,) = year_of(back).totals
    assert (money.of("given"), money.of("received")) == (90, 1_200)
    lines = [entry.amount for entry in year_of(giver).entries]
    assert sum(lines, Decimal(0)) == 1_290


def test_members_read_their_own_statement_the_secretariat_all_and_strangers_none() -> None:
    entry = make_entry(confirmed=True)
    address = statement_url(entry, entry.giver)
    secretary = make_secretary(entry.agreement.consortium)
    for user in (make_staff(entry.giver), secretary):
        assert signed_in(user).get(address).status_code == 200
    for user in (*strangers(), make_staff(entry.receiver)):
        assert signed_in(user).get(address).status_code == 404
        assert signed_in(user).get(f"{address}pdf/").status_code == 404
    # what it gave elsewhere is its own business
    assert signed_in(secretary).get(f"{address}?everywhere=1").status_code == 403
    index = reverse("contributions:statement_index", args=[entry.agreement.consortium])
    answer = signed_in(make_staff(entry.giver)).get(index)
    assert answer.status_code == 302 and answer.url == address
    assert signed_in(secretary).get(index).context["listing"].total == 2
    for year in (0, 99999):
        assert (
            signed_in(secretary).get(statement_url(entry, entry.giver, year or 99999)).status_code
            == 404
        )


def test_a_statement_over_all_consortia() -> None:
    here = make_entry(amount=10, confirmed=True)
    there = make_signed(parties=[here.giver, make_organisation()])
    make_entry(there, amount=5, confirmed=True)
    client = signed_in(make_staff(here.giver))
    address = statement_url(here, here.giver)
    given = [
        client.get(address + query).context["statement"].totals[0].of("given")
        for query in ("", "?everywhere=1")
    ]
    assert given == [10, 15]


def test_a_statement_is_taken_along_as_sheet_and_as_pages() -> None:
    entry = make_entry(confirmed=True, text="设备|第一批")
    client = signed_in(make_staff(entry.giver))
    address = statement_url(entry, entry.giver)
    sheet = client.get(f"{address}?export=xlsx")
    assert sheet["Content-Type"].endswith("sheet") and sheet.content[:2] == b"PK"
    pages = client.get(f"{address}pdf/")
    assert pages["Content-Type"] == "application/pdf" and pages.content[:5] == b"%PDF-"
    with translation.override("zh-hans"):
        text = year_of(entry.giver).markdown()
    assert "设备\\|第一批" in text and "¥10,000" in text


# --- spreadsheets -----------------------------------------------------------------------


def grid(*lines: tuple[str, ...]) -> reading.Grid:
    heads = ("agreement", "giver", "receiver", "measure", "amount", "on", "text")
    return reading.Grid([list(heads), *map(list, lines)])


def test_deliveries_from_a_spreadsheet() -> None:
    agreement = make_signed(title_zh="订单班协议", number="MS-2026-001")
    giver, receiver = (party.organisation for party in agreement.party_set.all())
    pledge = make_pledge(agreement, kind="hours", unit="hours", amount=200)
    today = f"{clock.today()}"
    sheet = Deliveries()
    good = grid(
        ("MS-2026-001", giver.name_zh, receiver.name_zh, "hours:hours", "36", today, "授课"),
        ("订单班协议", giver.name_en, receiver.name_zh, "money:yuan", "500.50", today, "奖学金"),
    )
    found = checking.examine(sheet, agreement.consortium, good)
    assert found.problems == []
    secretary = make_secretary(agreement.consortium)
    sheet.save(found.rows, agreement.consortium, by=secretary, progress=lambda done: None)
    first, second = Entry.objects.order_by("pk")
    assert first.pledge == pledge and first.amount == 36 and first.by == secretary
    assert second.pledge is None and second.amount == Decimal("500.50")
    assert first.state == Entry.State.WAITING


def test_what_a_spreadsheet_has_wrong_is_named() -> None:
    agreement = make_signed(title_zh="订单班协议")
    giver, receiver = (party.organisation.name_zh for party in agreement.party_set.all())
    today = f"{clock.today()}"
    bad = grid(
        ("没有的协议", giver, receiver, "money:yuan", "1", today, "x"),
        ("订单班协议", "陌生单位", receiver, "money:yuan", "1", today, "x"),
        ("订单班协议", giver, giver, "money:yuan", "1", today, "x"),
        ("订单班协议", giver, receiver, "places:places", "1.5", today, "x"),
        ("订单班协议", giver, receiver, "money:yuan", "0", "2999-01-01", "x"),
    )
    found = checking.examine(Deliveries(), agreement.consortium, bad)
    named = [(problem.row, problem.field) for problem in found.problems]
    wanted = [(2, "agreement"), (3, "giver"), (4, "receiver"), (5, "amount")]
    assert named == [*wanted, (6, "amount"), (6, "on")]


def test_only_the_secretariat_imports() -> None:
    consortium = make_consortium()
    address = reverse("sheets:import", args=["contributions.deliveries", consortium.slug])
    assert signed_in(make_secretary(consortium)).get(address).status_code == 200
    member = make_staff(make_membership(consortium).organisation)
    assert signed_in(member).get(address).status_code == 404
