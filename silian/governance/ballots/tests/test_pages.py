"""The paper, the receipt and the board as people meet them."""

import json
import logging

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from silian.governance.ballots import services
from silian.governance.ballots.models import Poll, Urn, Voter
from silian.governance.ballots.tests.factories import (
    make_closed_poll,
    make_electors,
    make_open_poll,
    make_poll,
    person_of,
    vote,
)
from silian.governance.ballots.urn import contents, new_code
from silian.governance.consortia.models import Consortium
from silian.governance.council.policy import Elector
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.kernel.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def poll(consortium: Consortium) -> Poll:
    return make_open_poll(consortium)


def url(poll: Poll, name: str = "ballot") -> str:
    return reverse(f"ballots:{name}", args=[poll.consortium, poll.pk])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def first(poll: Poll) -> Voter:
    return poll.voters.select_related("organisation", "poll")[0]


def codes_on(page: object) -> list[str]:
    return page.context["codes"]  # type: ignore[attr-defined, no-any-return]


def paper(voter: Voter, codes: list[str], **marks: str) -> dict[str, str]:
    return {"unit": str(voter.pk), "codes": " ".join(codes), **marks}


def test_a_voter_notes_the_code_votes_and_finds_the_ballot_on_the_board(poll: Poll) -> None:
    voter = first(poll)
    client = signed_in(person_of(voter))
    page = client.get(url(poll))
    (code,) = codes_on(page)
    assert code in page.text and voter.organisation.name in page.text
    assert "no-store" in page["Cache-Control"]

    receipt = client.post(url(poll), paper(voter, [code], q1_1="for", q1_2="against", q2_1="on"))

    assert receipt.status_code == 200 and "no-store" in receipt["Cache-Control"]
    assert code in receipt.text and "is in the urn" in receipt.text
    found = client.post(url(poll, "check"), {"code": code.lower().replace("-", "")})
    assert f"code <code>{code}</code> is in the urn" in found.text
    missing = client.post(url(poll, "check"), {"code": new_code()})
    assert "There is no ballot with the code" in missing.text

    for other in poll.voters.exclude(pk=voter.pk).select_related("organisation", "poll"):
        vote(other, {})
    services.close_poll(poll, by=None)
    board = Client().get(url(poll, "board"))
    assert code in board.text and "3 ballots on the board = 3 votes of the 3 units" in board.text
    says = Client().post(url(poll, "check"), {"code": code})
    assert "for: Li Qing; against: Wang Hai" in says.text


def test_codes_are_new_with_every_paper(poll: Poll) -> None:
    client = signed_in(person_of(first(poll)))
    assert codes_on(client.get(url(poll))) != codes_on(client.get(url(poll)))


def test_a_paper_sent_again_after_a_lost_answer_is_one_ballot(poll: Poll) -> None:
    voter = first(poll)
    client = signed_in(person_of(voter))
    sent = paper(voter, codes_on(client.get(url(poll))), q1_1="for")
    client.post(url(poll), sent)

    again = client.post(url(poll), sent)

    assert again.status_code == 200 and "nothing was changed" in again.text
    assert len(contents(Urn.objects.get(poll=poll))) == 1


def test_a_colleague_reads_who_handed_the_ballot_in(poll: Poll) -> None:
    voter = first(poll)
    colleague = signed_in(make_staff(voter.organisation))
    sent = paper(voter, codes_on(colleague.get(url(poll))), q1_2="for")
    vote(voter)

    refused = colleague.post(url(poll), sent)

    assert refused.status_code == 409
    assert f"was handed in by {person_of(voter)}" in refused.text
    assert "Is my ballot there?" in refused.text
    assert f"was handed in by {person_of(voter)}" in colleague.get(url(poll)).text
    assert len(contents(Urn.objects.get(poll=poll))) == 1


def test_too_many_in_favour_keep_what_was_ticked_and_are_named(poll: Poll) -> None:
    voter = first(poll)
    client = signed_in(person_of(voter))
    codes = codes_on(client.get(url(poll)))

    page = client.post(url(poll), paper(voter, codes, q2_1="on", q2_2="on", q2_3="on", q1_2="for"))

    assert "Vice-chairs: Choose at most 2; you chose 3." in page.text
    assert codes_on(page) == codes
    assert page.text.count(" checked") == 4
    assert not Voter.objects.filter(has_voted=True).exists()


def test_a_blank_paper_is_asked_about_and_then_abstains(poll: Poll) -> None:
    voter = first(poll)
    client = signed_in(person_of(voter))
    codes = codes_on(client.get(url(poll)))

    asked = client.post(url(poll), paper(voter, codes))
    assert "Nothing is marked." in asked.text and not first(poll).has_voted
    client.post(url(poll), paper(voter, codes, blank="on"))

    assert first(poll).has_voted
    (slip,) = contents(Urn.objects.get(poll=poll))
    assert json.loads(slip.marks) == {
        "1": {"1": "0", "2": "0"},
        "2": {"1": "0", "2": "0", "3": "0"},
    }


def test_a_code_in_use_gets_a_new_paper_that_keeps_the_marks(poll: Poll) -> None:
    taken, voter = poll.voters.select_related("organisation", "poll")[:2]
    receipt = vote(taken)
    client = signed_in(person_of(voter))

    page = client.post(url(poll), paper(voter, list(receipt.codes), q1_1="for"))

    assert "code is in use" in page.text and codes_on(page) != list(receipt.codes)
    assert page.text.count(" checked") == 1
    client.post(url(poll), paper(voter, codes_on(page), q1_1="for"))
    assert Voter.objects.get(pk=voter.pk).has_voted


def test_a_person_votes_for_two_units_one_by_one(consortium: Consortium) -> None:
    electors = make_electors(consortium, 2)
    own, absent = (elector.organisation for elector in electors)
    poll = make_open_poll(consortium, electors=electors, proxies={absent.pk: Elector(own)})
    client = signed_in(own.roles.get().user)
    voter, other = (poll.voters.get(organisation=unit) for unit in (own, absent))

    page = client.get(url(poll) + f"?unit={other.pk}")
    assert f"You vote for {absent.name}" in page.text and own.name in page.text
    receipt = client.post(url(poll), paper(other, codes_on(page), q1_1="for"))
    assert f"Vote for {own.name}" in receipt.text
    page = client.get(url(poll))
    assert f"You vote for {own.name}" in page.text
    client.post(url(poll), paper(voter, codes_on(page), q1_1="for"))
    assert poll.voters.filter(has_voted=True).count() == 2


def test_who_may_open_which_page(consortium: Consortium) -> None:
    open_poll, prepared = make_open_poll(consortium), make_poll(consortium)
    closed = make_closed_poll(consortium)
    elector = signed_in(person_of(first(open_poll)))
    secretary = signed_in(make_secretary(consortium))
    member = signed_in(make_staff(make_membership(consortium).organisation))
    stranger = signed_in(make_staff(make_organisation()))
    elsewhere = signed_in(make_secretary(make_consortium()))

    assert elector.get(url(open_poll)).status_code == 200
    assert "You do not vote for any unit" in secretary.get(url(open_poll)).text
    assert secretary.post(url(open_poll), {}).status_code == 403
    for outside in (member, stranger, elsewhere):
        assert outside.get(url(open_poll)).status_code == 404
        assert outside.post(url(open_poll), {}).status_code == 404
        assert outside.post(url(open_poll, "check"), {"code": "x"}).status_code == 404
    assert Client().get(url(open_poll)).status_code == 302
    assert elector.get(url(prepared)).status_code == 404
    for name in ("board", "board_file", "board_csv"):
        assert elector.get(url(open_poll, name)).status_code == 404
        for reader in (Client(), stranger, member, secretary):
            assert reader.get(url(closed, name)).status_code == 200
    other = make_consortium()
    assert Client().get(reverse("ballots:board", args=[other, closed.pk])).status_code == 404


def test_nobody_votes_for_a_unit_of_others(poll: Poll) -> None:
    mine, other = poll.voters.select_related("organisation", "poll")[:2]
    client = signed_in(person_of(mine))

    answer = client.post(url(poll), paper(other, [new_code()], q1_1="for"))

    assert answer.status_code == 404
    assert client.get(url(poll) + f"?unit={other.pk}").status_code == 200
    assert not poll.voters.filter(has_voted=True).exists()


def test_while_voting_goes_on_only_the_number_is_told(poll: Poll) -> None:
    voter, other = poll.voters.select_related("organisation", "poll")[:2]
    vote(voter)

    page = signed_in(person_of(other)).get(url(poll))

    assert "1 of 3" in page.text and voter.organisation.name not in page.text


def test_the_turnout_is_named_on_the_board(consortium: Consortium) -> None:
    poll = make_closed_poll(consortium, units=2)
    page = Client().get(url(poll, "board"))
    for voter in poll.voters.select_related("organisation"):
        assert voter.organisation.name in page.text


def test_the_board_takes_the_same_number_of_queries_however_long(consortium: Consortium) -> None:
    short, long = make_closed_poll(consortium, units=1), make_closed_poll(consortium, units=30)
    queries = []
    for poll in (short, long):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            Client().get(url(poll, "board"))
        queries.append(len(captured))
    assert queries[0] == queries[1]


def test_the_files_and_the_script_can_be_taken(consortium: Consortium) -> None:
    poll = make_closed_poll(consortium)
    board = json.loads(Client().get(url(poll, "board_file")).content)
    assert len(board["slips"]) == len(board["voted"]) == 3
    lines = Client().get(url(poll, "board_csv")).content.decode().splitlines()
    assert lines[0].startswith("\ufeffcode,Chair: Li Qing") and len(lines) == 4
    script = Client().get(reverse("ballots:script", args=[consortium]))
    assert b"python3 verify_board.py" in script.content


def test_no_line_of_the_log_and_no_address_has_a_code_or_a_choice(
    poll: Poll, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    voter = first(poll)
    client = signed_in(person_of(voter))
    (code,) = codes_on(client.get(url(poll)))
    caplog.clear()

    receipt = client.post(url(poll), paper(voter, [code], q1_1="for"))
    client.post(url(poll, "check"), {"code": code})

    said = "\n".join(json.dumps(record.__dict__, default=str) for record in caplog.records)
    assert f"/ballots/{poll.pk}/" in said
    assert code not in said and "q1_1" not in said
    assert code not in json.dumps(dict(client.session)) and "Location" not in receipt


def test_an_error_report_hides_what_was_voted(
    poll: Poll, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    """What Django mails to administrators when something breaks in the middle of casting."""
    from django.views.debug import SafeExceptionReporterFilter  # noqa: PLC0415

    voter = first(poll)
    client = Client(raise_request_exception=False)
    client.force_login(person_of(voter))
    (code,) = codes_on(client.get(url(poll)))
    hidden: list[dict[str, str]] = []

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(services, "filled", broken)
    logger = logging.getLogger("django.request")

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            request = record.request  # type: ignore[attr-defined]
            monkeypatch.setattr(SafeExceptionReporterFilter, "is_active", lambda *_: True)
            hidden.append(SafeExceptionReporterFilter().get_post_parameters(request).dict())

    keeper = Keep()
    logger.addHandler(keeper)
    answer = client.post(url(poll), paper(voter, [code], q1_1="for"))
    logger.removeHandler(keeper)

    assert answer.status_code == 500
    assert set(hidden[0].values()) == {"********************"}
    assert not first(poll).has_voted and not contents(Urn.objects.get(poll=poll))
