"""Trying to join a voter to a ballot: with everything that the database and the log keep.

Whoever tries here may read every table, the hidden columns of every row (xmin, ctid) and every
line of the log. What the keeper of the server could do besides, docs/elections.md says.
"""

import json
import logging
import random
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from cryptography.fernet import InvalidToken
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from silian.governance.ballots import services
from silian.governance.ballots.models import Poll, Slip, Urn, Voter
from silian.governance.ballots.tasks import sweep
from silian.governance.ballots.tests.factories import make_open_poll, person_of, vote
from silian.governance.ballots.urn import contents
from silian.governance.members.tests.factories import make_consortium
from silian.kernel.audit.models import Entry
from silian.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)
UNITS = 62


@dataclass
class Election:
    """What only this test knows: who voted under which code, in the order in which they did."""

    poll: Poll
    cast: list[tuple[Voter, str]]
    records: list[logging.LogRecord]
    before: dict[str, int]

    @property
    def codes(self) -> set[str]:
        return {code for _voter, code in self.cast}


@pytest.fixture
def election(caplog: pytest.LogCaptureFixture) -> Election:
    """62 units vote in an order that is drawn: every fifth by the pages, the others as pages do."""
    caplog.set_level(logging.INFO)
    poll = make_open_poll(make_consortium(), units=UNITS)
    voters = list(poll.voters.select_related("organisation", "poll"))
    random.Random(7).shuffle(voters)
    before = written()
    caplog.clear()
    cast = [
        (voter, vote_by_the_page(poll, voter) if number % 5 == 0 else vote_quietly(voter))
        for number, voter in enumerate(voters)
    ]
    return Election(poll, cast, list(caplog.records), before)


def written() -> dict[str, int]:
    """How much there is of what could tell that somebody voted; sign-ins are another matter."""
    kept = {name: len(rows(name)) for name in ("procrastinate_jobs", "procrastinate_events")}
    kept["notices"] = Notice.objects.count()
    return kept | {"entries": Entry.objects.filter(subject__startswith="ballots.").count()}


def choice_of(voter: Voter) -> str:
    return "for" if voter.pk % 3 else "against"


def vote_quietly(voter: Voter) -> str:
    return vote(voter, {1: {1: choice_of(voter)}, 2: {2: "for"}}).codes[0]


def vote_by_the_page(poll: Poll, voter: Voter) -> str:
    client = Client()
    client.force_login(person_of(voter))
    address = reverse("ballots:ballot", args=[poll.consortium, poll.pk])
    (code,) = client.get(address).context["codes"]
    paper = {"unit": voter.pk, "codes": code, "q1_1": choice_of(voter), "q2_2": "on"}
    answer = client.post(address, paper)
    assert code in answer.text and answer.status_code == 200
    client.post(reverse("ballots:check", args=[poll.consortium, poll.pk]), {"code": code})
    return str(code)


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [name for (name,) in cursor.fetchall()]


def rows(table: str) -> list[dict[str, Any]]:
    """Every row with all its columns, and those that PostgreSQL hides."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT xmin::text, ctid::text, * FROM "{table}"')
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def readable(row: dict[str, Any]) -> str:
    """A row as text, packed sessions unpacked and bytes as what they may say."""
    unpacked = {
        name: bytes(value).decode("latin-1") if isinstance(value, memoryview | bytes) else value
        for name, value in row.items()
    }
    if "session_data" in row:
        unpacked["session"] = Session(session_data=row["session_data"]).get_decoded()
    return json.dumps(unpacked, default=str, ensure_ascii=False)


def holders_of_codes(codes: set[str]) -> dict[str, int]:
    """Tables that hold any of the codes, and in how many rows."""
    found = {}
    for table in tables():
        texts = [readable(row) for row in rows(table)]
        if count := sum(any(code in text for code in codes) for text in texts):
            found[table] = count
    return found


def test_while_voting_goes_on_nothing_holds_a_code(election: Election) -> None:
    assert holders_of_codes(election.codes) == {}
    with pytest.raises(InvalidToken), override_settings(SECRET_KEY="another installation's"):
        contents(Urn.objects.get())
    assert [slip.code for slip in contents(Urn.objects.get())] == sorted(election.codes)
    nothing_was_written_beside_the_roll(election)
    no_line_of_the_log_tells_a_code_or_a_choice(election)
    no_session_keeps_a_code(election)


def test_after_closing_the_board_names_nobody_and_has_no_order_of_casting(
    election: Election,
) -> None:
    services.close_poll(election.poll, by=None)

    assert holders_of_codes(election.codes) == {"ballots_slip": UNITS}
    columns = {field.attname for field in Slip._meta.get_fields()}
    assert columns == {"id", "poll_id", "code", "choices"}
    said = {json.dumps(slip.choices) for slip in Slip.objects.all()}
    assert len(said) == 2, "choices hold marks alone"
    neither_place_nor_number_nor_transaction_tells_when_a_slip_was_cast(election)
    no_transaction_wrote_a_voter_and_a_ballot()


def neither_place_nor_number_nor_transaction_tells_when_a_slip_was_cast(
    election: Election,
) -> None:
    slips = rows("ballots_slip")
    by_number = [slip["code"] for slip in sorted(slips, key=lambda slip: slip["id"])]
    by_place = [slip["code"] for slip in slips]
    cast = [code for _voter, code in election.cast]
    assert by_number == by_place == sorted(cast) != cast, "the order of the codes, no other"
    assert len({slip["xmin"] for slip in slips}) == 1, "one transaction wrote them all"


def no_transaction_wrote_a_voter_and_a_ballot() -> None:
    """Joins every table to every other by the transaction that wrote the row."""
    voters = {voter["xmin"] for voter in rows("ballots_voter")}
    assert len(voters) == UNITS, "the database does show in what order units came"
    beside = {table for table in tables() if any(row["xmin"] in voters for row in rows(table))}
    assert beside == {"ballots_voter"}


def nothing_was_written_beside_the_roll(election: Election) -> None:
    """No entry in the record, no job, no notice, and no time of day."""
    assert written() == election.before
    for table in ("ballots_voter", "ballots_urn", "ballots_question", "ballots_option"):
        assert not [row for row in rows(table) if any(map(is_time, row.values()))]


def is_time(value: object) -> bool:
    return isinstance(value, datetime)


def no_line_of_the_log_tells_a_code_or_a_choice(election: Election) -> None:
    lines = [json.dumps(record.__dict__, default=str) for record in election.records]
    assert len([line for line in lines if "/ballots/" in line]) >= UNITS // 5 * 3
    for line in lines:
        assert not any(code in line for code in election.codes)
        assert "q1_1" not in line and "against" not in line


def no_session_keeps_a_code(election: Election) -> None:
    kept = [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    assert len(kept) >= UNITS // 5
    assert not any(code in text for code in election.codes for text in kept)


def test_the_urn_grows_equally_whatever_is_voted() -> None:
    """An older version of the urn's row shows its length to whoever opens PostgreSQL's files."""
    sizes = []
    for choice in ("for", "against", "abstain"):
        poll = make_open_poll(make_consortium(), units=1)
        voter = poll.voters.select_related("organisation", "poll").get()
        choices = {1: {1: choice, 2: "abstain"}}
        services.cast(poll, voter, choices=choices, codes=["AAAA-BBBB-CCCC"], by=person_of(voter))
        sizes.append(len(Urn.objects.get(poll=poll).slips))
    assert len(set(sizes)) == 1


def test_what_postgresql_kept_of_the_urn_is_swept_away(election: Election) -> None:
    """Every ballot left a dead version of the row; none is in the table's file afterwards."""
    assert urn_bytes() > 0
    services.close_poll(election.poll, by=None)
    assert urn_bytes() > 0, "deleted rows stay until somebody sweeps"

    sweep()

    assert urn_bytes() == 0


def test_a_sweep_leaves_open_urns_and_waits_for_nobody_who_reads(election: Election) -> None:
    """A transaction from before the closing keeps dead rows from VACUUM, not from the sweep."""
    other = make_open_poll(make_consortium(), units=1)
    code = vote_quietly(other.voters.select_related("organisation", "poll").get())
    with closing(connection.copy()) as reader, reader.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_current_xact_id()")
        services.close_poll(election.poll, by=None)
        filled = urn_bytes()

        sweep()

    assert [slip.code for slip in contents(Urn.objects.get())] == [code]
    assert 0 < urn_bytes() < filled / 2


def urn_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_relation_size(oid) + coalesce(pg_relation_size(reltoastrelid), 0)"
            " FROM pg_class WHERE relname = 'ballots_urn'"
        )
        return int(cursor.fetchone()[0])
