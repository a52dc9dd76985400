import threading
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils.translation import gettext_lazy

from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.chain import START, digest_of, hash_of, verify
from silian.kernel.audit.models import Entry, Link
from silian.kernel.audit.services import record
from silian.kernel.audit.tests.factories import chain, make_entries, tamper

pytestmark = pytest.mark.django_db


def test_each_link_carries_the_hash_of_the_one_before() -> None:
    entries = make_entries(3)
    links = list(Link.objects.all())
    assert [link.entry_id for link in links] == [entry.pk for entry in entries]
    assert [link.position for link in links] == [1, 2, 3]
    head = START
    for link, entry in zip(links, entries, strict=True):
        assert link.previous == head
        head = hash_of(head, entry.digest)
        assert link.hash == head
    assert verify().sound and verify().head == head and verify().checked == 3


def test_an_empty_record_is_sound() -> None:
    assert verify().sound and verify().head == START


def test_the_digest_survives_what_the_database_does_to_values() -> None:
    odd = {
        "whole": 1e16,
        "huge": 1e300,
        "small": 1e-7,
        "half": 0.5,
        "minus": -0.0,
        "day": date(2026, 11, 22),
        "money": Decimal("1.10"),
        "lazy": gettext_lazy("Open"),
        "list": (1, "二", {"z": 1, "a": [None, True]}),
    }
    record(make_user("四链 😀"), "Odd", by=None, **odd)
    chain()
    assert verify().sound
    with pytest.raises(ValueError, match="JSON"):
        record(make_user(), "Odd", by=None, number=float("nan"))


TAMPERINGS = {
    "changed": ["UPDATE audit_entry SET label = 'x' WHERE id = %(entry)s"],
    "time changed": ["UPDATE audit_entry SET at = at + interval '1 second' WHERE id = %(entry)s"],
    "person changed": ["UPDATE audit_entry SET by_id = NULL WHERE id = %(entry)s"],
    "detail changed": ["UPDATE audit_entry SET detail = '{}' WHERE id = %(entry)s"],
    "link removed": ["DELETE FROM audit_link WHERE entry_id = %(entry)s"],
    "entry removed": ["DELETE FROM audit_entry WHERE id = %(entry)s"],
    "both removed": [
        "DELETE FROM audit_link WHERE entry_id = %(entry)s",
        "DELETE FROM audit_entry WHERE id = %(entry)s",
    ],
    "both removed, gap closed": [
        "DELETE FROM audit_link WHERE entry_id = %(entry)s",
        "UPDATE audit_link SET position = position - 1 WHERE position > 3",
    ],
    "hidden before the first": ["UPDATE audit_link SET position = -9 WHERE entry_id = %(entry)s"],
    "hash changed": ["UPDATE audit_link SET hash = repeat('a', 64) WHERE entry_id = %(entry)s"],
    "previous changed": [
        "UPDATE audit_link SET previous = repeat('a', 64) WHERE entry_id = %(entry)s"
    ],
    "reordered": [
        "UPDATE audit_link SET position = 99 WHERE position = 3",
        "UPDATE audit_link SET position = 3 WHERE position = 4",
        "UPDATE audit_link SET position = 4 WHERE position = 99",
    ],
    "entries exchanged": [
        "UPDATE audit_link SET entry_id = -entry_id WHERE position IN (3, 4)",
        "UPDATE audit_link SET entry_id = %(entry)s + 4 - position WHERE position IN (3, 4)",
    ],
}


@pytest.mark.parametrize("statements", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_tampering_is_found(statements: list[str]) -> None:
    entries = make_entries(6)
    third = entries[2]
    for statement in statements:
        tamper(statement % {"entry": third.pk})
    finding = verify()
    assert not finding.sound and finding.checked <= 2
    assert finding.entry in {entry.pk for entry in entries[2:4]}


def test_a_change_with_its_digest_computed_anew_is_found() -> None:
    third = make_entries(6)[2]
    third.label = "somebody else"
    tamper(
        "UPDATE audit_entry SET label = %s, digest = %s WHERE id = %s",
        third.label,
        digest_of(third),
        third.pk,
    )
    assert verify().entry == third.pk and verify().fault == "The entry does not fit into the chain."


def test_an_entry_that_went_around_the_chain_is_found() -> None:
    make_entries(2)
    tamper(
        "INSERT INTO audit_entry (at, subject, label, action, detail, digest)"
        " VALUES (now(), 'x', 'x', 'x', '{}', 'x')"
    )
    assert verify().fault == "An entry has no place in the chain."


def test_a_tail_cut_off_is_seen_against_a_head_kept_elsewhere() -> None:
    entries = make_entries(6)
    kept = verify().head
    tamper("DELETE FROM audit_link WHERE position > 4")
    tamper("DELETE FROM audit_entry WHERE id > %s", entries[3].pk)
    assert verify().sound, "the chain alone cannot know"
    assert verify(expect=kept).fault == "The expected head is not in the chain."
    assert verify(expect=verify().head).sound and verify(expect=START).sound


def test_an_earlier_head_is_still_in_a_chain_that_grew() -> None:
    make_entries(2)
    kept = verify().head
    make_entries(2)
    assert verify(expect=kept).sound


@pytest.mark.parametrize("table", ["audit_entry", "audit_link"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET {} = {}", "DELETE FROM {} WHERE {} = {}", "TRUNCATE {} CASCADE"]
)
def test_the_database_refuses(table: str, statement: str) -> None:
    make_entries(1)
    key = "id" if table == "audit_entry" else "position"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_whole")
        cursor.execute("ALTER TABLE audit_link ENABLE TRIGGER audit_link_whole")
        with pytest.raises(ProgrammingError, match="append-only"):
            cursor.execute(statement.format(table, key, key))


def test_nobody_writes_links_by_hand() -> None:
    entry = make_entries(1)[0]
    with pytest.raises(ProgrammingError, match="append-only"):
        Link.objects.create(position=2, entry=entry, previous="", hash="")


def test_the_command_prints_the_head_or_names_the_first_bad_entry() -> None:
    entries = make_entries(3)
    out = StringIO()
    call_command("verify_record", stdout=out)
    assert f"3 entries, all sound. Head: {verify().head}" in out.getvalue()
    with pytest.raises(CommandError, match="expected head is not in the chain"):
        call_command("verify_record", expect="a" * 64)
    tamper("UPDATE audit_entry SET label = 'x' WHERE id = %s", entries[1].pk)
    with pytest.raises(CommandError, match=f"was changed. Entry {entries[1].pk} .*before it: 1"):
        call_command("verify_record")


@pytest.mark.django_db(transaction=True)
def test_transactions_side_by_side_make_one_chain_and_never_wait_for_each_other() -> None:
    """Each thread writes entries before and after a moment at which all have written some.

    A lock taken when an entry is written, and not at commit, would keep the others from
    ever reaching that moment.
    """
    people = [make_user() for _ in range(4)]
    start = Entry.objects.count()
    everyone_wrote = threading.Barrier(len(people), timeout=10)
    failures: list[BaseException] = []

    def write(user: User) -> None:
        try:
            with transaction.atomic():
                record(user, "Before", by=user)
                everyone_wrote.wait()
                record(user, "After", by=user)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[user]) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert verify().sound and verify().checked == start + 8


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_leaves_no_trace() -> None:
    user = make_user()
    record(user, "Kept", by=user)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(user, "Lost", by=user)
        raise ZeroDivisionError
    record(user, "Kept too", by=user)
    assert list(Entry.objects.values_list("action", flat=True)) == ["Kept", "Kept too"]
    assert verify().sound and verify().checked == 2
