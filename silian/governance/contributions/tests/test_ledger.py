"""The ledger as the database keeps it: what it refuses, and what two people at once do to it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Model

from silian.governance.commitments.tests.factories import make_signed
from silian.governance.contributions import services
from silian.governance.contributions.models import Confirmation, Entry, Pledge
from silian.governance.contributions.tests.factories import make_entry, make_pledge
from silian.governance.members.tests.factories import make_organisation, make_secretary, make_staff
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db
State = Entry.State


def sums(pledge: Pledge) -> tuple[Decimal, Decimal]:
    found = Pledge.objects.with_sums().get(pk=pledge.pk)
    return found.delivered, found.waiting


def test_nothing_counts_before_the_receiver_confirms() -> None:
    pledge = make_pledge(amount=50_000)
    entry = make_entry(pledge, amount=20_000)
    assert sums(pledge) == (0, 20_000) and entry.state == State.WAITING
    services.confirm(entry, by=make_staff(pledge.receiver))
    assert sums(pledge) == (20_000, 0)
    make_entry(pledge, amount=5_000, confirmed=False)
    assert sums(pledge) == (20_000, 0)


def test_a_line_that_did_not_count_is_taken_back_at_once() -> None:
    for confirmed in (None, False):
        pledge = make_pledge()
        entry = make_entry(pledge, confirmed=confirmed)
        back = services.reverse_entry(entry, by=make_staff(pledge.giver), why="重复录入")
        assert back.amount == -entry.amount and sums(pledge) == (0, 0)
        assert Entry.objects.get(pk=entry.pk).state == State.REVERSED
        assert back.state == State.REVERSAL
        assert not Entry.objects.waiting().exists() and not Entry.objects.objected().exists()


def test_what_counts_goes_on_counting_until_the_receiver_confirms_its_reversal() -> None:
    pledge = make_pledge()
    entry = make_entry(pledge, amount=10_000, confirmed=True)
    back = services.reverse_entry(entry, by=make_staff(pledge.giver), why="金额有误")
    assert sums(pledge)[0] == 10_000 and back.state == State.WAITING
    assert Entry.objects.get(pk=entry.pk).state == State.CONFIRMED
    services.confirm(back, by=make_staff(pledge.receiver))
    assert sums(pledge)[0] == 0
    assert Entry.objects.get(pk=entry.pk).state == State.REVERSED
    assert Entry.objects.get(pk=back.pk).state == State.REVERSAL


def test_the_receiver_takes_back_what_it_confirmed_at_once() -> None:
    pledge = make_pledge()
    entry = make_entry(pledge, confirmed=True)
    services.reverse_entry(entry, by=make_staff(pledge.receiver), why="设备退回")
    assert sums(pledge)[0] == 0


def test_a_line_is_answered_once_and_reversed_once() -> None:
    pledge = make_pledge()
    entry, receiver = make_entry(pledge, confirmed=True), make_staff(pledge.receiver)
    with pytest.raises(IllegalMove):
        services.confirm(entry, by=receiver)
    with pytest.raises(IllegalMove):
        services.object_to(entry, by=receiver, why="x")
    giver = make_staff(pledge.giver)
    services.reverse_entry(entry, by=giver, why="x")
    with pytest.raises(IllegalMove):
        services.reverse_entry(entry, by=giver, why="x")


def test_what_was_reversed_is_not_confirmed_any_more() -> None:
    pledge = make_pledge()
    entry = make_entry(pledge)
    back = services.reverse_entry(entry, by=make_staff(pledge.giver), why="x")
    for row in (entry, back):
        with pytest.raises(IllegalMove):
            services.confirm(row, by=make_staff(pledge.receiver))
        with pytest.raises(IntegrityError), transaction.atomic():
            Confirmation.objects.create(entry=row, accepted=True)


@pytest.mark.parametrize("model", [Entry, Confirmation])
def test_the_database_refuses_to_change_the_ledger(model: type[Model]) -> None:
    make_entry(confirmed=True)
    rows = model._default_manager.all()
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        rows.update(at=F("at"))
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        connection.cursor().execute(f"DELETE FROM {model._meta.db_table}")
    assert rows.count() == 1


def test_a_reversal_is_the_exact_opposite_of_one_entry() -> None:
    entry = make_entry(amount=100)
    other = make_entry(amount=100)
    facts = {n: getattr(entry, n) for n in "agreement giver receiver kind unit on".split()}
    for wrong in (
        {"amount": -99},
        {"amount": 100},
        {"amount": -100, "kind": "equipment"},
        {"amount": -100, "reverses": other},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.create(**({**facts, "text": "x", "reverses": entry} | wrong))
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(**facts, text="x", amount=-100)  # less than nothing, of nothing
    back = Entry.objects.create(**facts, text="x", amount=-100, reverses=entry)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(**facts, text="x", amount=100, reverses=back)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 10_000_000_001},
        {"kind": "hours"},
        {"kind": "places", "unit": "places", "amount": Decimal("1.5")},
        {"kind": "equipment", "unit": "items", "amount": Decimal("0.5")},
    ],
)
@pytest.mark.parametrize("make", [make_entry, make_pledge])
def test_what_cannot_be_given_cannot_be_entered(
    make: Callable[..., object], wrong: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**wrong)


def test_nobody_gives_to_themselves_and_only_parties_give() -> None:
    pledge = make_pledge()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_entry(pledge.agreement, receiver=pledge.giver)
    for side in ("giver", "receiver"):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_entry(pledge.agreement, **{side: make_organisation()})
            connection.check_constraints()


def test_a_delivery_is_like_its_pledge() -> None:
    pledge = make_pledge()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_entry(pledge.agreement, pledge=pledge, kind="hours", unit="hours")
        connection.check_constraints()


def test_the_same_form_sent_twice_enters_it_once() -> None:
    pledge, token = make_pledge(), uuid4()
    facts = {n: getattr(pledge, n) for n in "agreement giver receiver kind unit".split()}

    def send(amount: int = 100) -> Entry:
        entry = Entry(pledge=pledge, amount=Decimal(amount), on="2026-05-01", token=token, **facts)
        entry.text = "第一批"
        return services.deliver(entry, by=make_staff(pledge.giver))

    assert send().pk == send().pk
    assert Entry.objects.count() == 1
    with pytest.raises(IllegalMove):
        send(amount=101)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What came of ``acts``, each in a connection of its own."""

    def one(act: Callable[[], object]) -> object:
        try:
            return act()
        except (IllegalMove, DatabaseError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_enters_it_once() -> None:
    pledge, token = make_pledge(), uuid4()
    giver = make_staff(pledge.giver)
    facts = {n: getattr(pledge, n) for n in "agreement giver receiver kind unit".split()}
    facts |= {"pledge": pledge, "token": token, "text": "x", "on": "2026-05-01"}
    found = at_once(*[lambda: services.deliver(Entry(amount=Decimal(5), **facts), by=giver)] * 4)
    assert {entry.pk for entry in found} == {Entry.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_confirmed_and_taken_back_at_once_never_counts_wrongly() -> None:
    for _attempt in range(5):
        pledge = make_pledge()
        entry = make_entry(pledge)
        giver, receiver = make_staff(pledge.giver), make_staff(pledge.receiver)
        at_once(
            lambda e=entry, by=receiver: services.confirm(e, by=by),
            lambda e=entry, by=giver: services.reverse_entry(e, by=by, why="x"),
        )
        delivered, waiting = sums(pledge)
        confirmed = Confirmation.objects.filter(entry=entry).exists()
        assert delivered == (entry.amount if confirmed else 0) and waiting == 0


@pytest.mark.django_db(transaction=True)
def test_two_reversals_at_once_make_one() -> None:
    entry = make_entry(confirmed=True)
    by = make_secretary(entry.agreement.consortium)
    found = at_once(*[lambda: services.reverse_entry(entry, by=by, why="x")] * 2)
    assert sorted(type(one).__name__ for one in found) == ["Entry", "IllegalMove"]
    assert Entry.objects.filter(reverses=entry).count() == 1


def test_a_fault_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pledge = make_pledge()
    facts = {n: getattr(pledge, n) for n in "agreement giver receiver kind unit".split()}

    def fail(*args: object, **kwargs: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(services, "_tell", fail)
    with pytest.raises(ConnectionError):
        entry = Entry(pledge=pledge, amount=1, on="2026-05-01", text="x", **facts)
        services.deliver(entry, by=make_staff(pledge.giver))
    assert not Entry.objects.exists()


def test_a_cancelled_pledge_keeps_what_was_given() -> None:
    pledge = make_pledge(agreement=make_signed())
    make_entry(pledge, amount=70, confirmed=True)
    services.cancel(pledge, by=make_staff(pledge.receiver), why="不再需要")
    assert pledge.state == Pledge.State.CANCELLED and sums(pledge)[0] == 70
