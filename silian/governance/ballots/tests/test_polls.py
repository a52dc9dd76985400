"""A poll from its paper to its board, through the services."""

import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from silian.engines import verify_board
from silian.governance.ballots import board, policy, services
from silian.governance.ballots.models import Poll, Slip, Urn, Voter
from silian.governance.ballots.tests.factories import (
    VICE,
    make_closed_poll,
    make_electors,
    make_open_poll,
    make_poll,
    person_of,
    vote,
)
from silian.governance.ballots.urn import contents, is_code, new_code, spelled, tidied
from silian.governance.consortia.models import Consortium
from silian.governance.council.policy import Elector
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.notices.todos import todos_of
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


def voters(poll: Poll) -> list[Voter]:
    return list(poll.voters.select_related("organisation", "poll"))


def end(poll: Poll) -> None:
    """Let its time be up."""
    Poll.objects.filter(pk=poll.pk).update(
        opens_at=clock.now() - timedelta(hours=2), closes_at=clock.now() - timedelta(seconds=1)
    )
    poll.refresh_from_db()


def test_the_board_says_what_was_voted_and_the_urn_is_gone(consortium: Consortium) -> None:
    poll = make_open_poll(consortium)
    first, second, _third = voters(poll)
    receipt = vote(first, {1: {1: "for", 2: "against"}, 2: {1: "for", 3: "for"}})
    vote(second, {1: {2: "for"}})
    end(poll)

    services.close_poll(poll, by=None)

    assert poll.state == "closed" and not Urn.objects.filter(poll=poll).exists()
    chair, vice = board.counts(poll)
    assert [(v.favour, v.against, v.abstain) for _, v in chair.options] == [(1, 0, 1), (1, 1, 0)]
    assert [v.favour for _, v in vice.options] == [1, 0, 1] and vice.blank == 1
    (code,) = receipt.codes
    assert poll.slips.get(code=code).choices == {
        "1": {"1": "for", "2": "against"},
        "2": {"1": "for", "2": "abstain", "3": "for"},
    }
    assert board.turnout(poll) == board.Turnout(units=3, voted=2, eligible=3, votes=2)


def test_a_weight_is_as_many_equal_slips(consortium: Consortium) -> None:
    poll = make_open_poll(consortium, electors=make_electors(consortium, 2, votes=3))
    heavy = voters(poll)[0]

    receipt = vote(heavy)

    assert len(set(receipt.codes)) == 3
    slips = contents(Urn.objects.get(poll=poll))
    assert len(slips) == 3 and len({slip.marks for slip in slips}) == 1
    with pytest.raises(services.Refused):
        vote(voters(poll)[1], codes=[new_code()])
    assert board.turnout(poll).votes == 3


def test_a_second_ballot_is_refused_and_the_same_one_is_answered_again(
    consortium: Consortium,
) -> None:
    poll = make_open_poll(consortium)
    (voter, *_others) = voters(poll)
    receipt = vote(voter)

    again = vote(voter, codes=list(receipt.codes), choices={1: {2: "for"}})
    with pytest.raises(services.VotedAlready):
        vote(voter)

    assert again == services.Receipt(receipt.codes, repeated=True)
    (slip,) = contents(Urn.objects.get(poll=poll))
    assert json.loads(slip.marks)["1"] == {"1": "+", "2": "0"}, "the first one counts"


def test_the_same_ballot_is_answered_after_closing_too(consortium: Consortium) -> None:
    poll = make_open_poll(consortium)
    voter = voters(poll)[0]
    receipt = vote(voter)
    end(poll)
    services.close_poll(poll, by=None)

    assert vote(voter, codes=list(receipt.codes)).repeated
    assert poll.slips.count() == 1


def test_ballots_are_taken_in_the_hours_alone(consortium: Consortium) -> None:
    later = make_open_poll(consortium, opens_at=clock.now() + timedelta(minutes=1))
    over = make_open_poll(consortium)
    end(over)

    for poll in (later, over):
        with pytest.raises(services.Refused):
            vote(voters(poll)[0])
        assert not contents(Urn.objects.get(poll=poll))
        assert not poll.voters.filter(has_voted=True).exists()


def test_nothing_is_counted_while_there_is_time_and_somebody_left(consortium: Consortium) -> None:
    poll = make_open_poll(consortium, units=2)
    first, second = voters(poll)
    vote(first)
    with pytest.raises(IllegalMove):
        services.close_poll(poll, by=make_secretary(consortium))
    vote(second)
    services.close_poll(poll, by=make_secretary(consortium))
    assert poll.slips.count() == 2


def test_more_ballots_than_votes_are_never_published(consortium: Consortium) -> None:
    poll = make_open_poll(consortium)
    first, second, _third = voters(poll)
    vote(first)
    vote(second)
    Voter.objects.filter(pk=second.pk).update(has_voted=False, voted_by=None)
    end(poll)

    with pytest.raises(services.CountMismatch), transaction.atomic():
        services.close_poll(poll, by=None)

    poll.refresh_from_db()
    assert poll.state == "open" and not Slip.objects.exists()
    assert len(contents(Urn.objects.get(poll=poll))) == 2


def test_a_paper_that_favours_too_many_or_somebody_unknown_is_not_taken(
    consortium: Consortium,
) -> None:
    poll = make_open_poll(consortium)
    voter = voters(poll)[0]
    for wrong in (
        {1: {1: "for", 2: "for"}},
        {2: {1: "for", 2: "for", 3: "for"}},
        {1: {9: "for"}},
        {1: {1: "perhaps"}},
        {1: {1: "invalid"}},
        {2: {1: "against"}},
    ):
        with pytest.raises(services.Refused):
            vote(voter, wrong)
    assert not contents(Urn.objects.get(poll=poll))


def test_a_code_that_is_in_use_or_none_of_ours_is_not_taken(consortium: Consortium) -> None:
    poll = make_open_poll(consortium)
    first, second, _third = voters(poll)
    receipt = vote(first)
    with pytest.raises(services.CodeTaken):
        vote(second, codes=list(receipt.codes))
    for codes in (["MINE"], [new_code().lower()], [new_code(), new_code()]):
        with pytest.raises(services.Refused):
            vote(second, codes=codes)
    assert not Voter.objects.get(pk=second.pk).has_voted


def test_a_code_is_random_readable_and_found_however_it_is_typed() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500 and all(map(is_code, codes))
    code = codes.pop()
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}", code)
    assert tidied(f" {code.lower().replace('-', ' ')} ") == code


def test_the_size_of_an_urn_betrays_no_choice() -> None:
    papers = [
        {"1": {"1": mark, "2": other}}
        for mark in ("for", "against", "abstain")
        for other in ("for", "against", "abstain")
    ]
    assert len({len(spelled(paper)) for paper in papers}) == 1


def test_a_void_poll_destroys_its_ballots_unread(consortium: Consortium) -> None:
    poll = make_open_poll(consortium)
    vote(voters(poll)[0])

    services.void_poll(poll, by=make_secretary(consortium), why="The roll was wrong.")

    assert poll.state == "void"
    assert not Urn.objects.exists() and not Slip.objects.exists()
    with pytest.raises(services.Refused):
        vote(voters(poll)[1])


def test_the_end_of_voting_moves_with_a_reason(consortium: Consortium) -> None:
    poll = make_open_poll(consortium)
    secretary = make_secretary(consortium)
    later = clock.now() + timedelta(hours=5)

    services.reschedule(poll, closes_at=later, by=secretary, why="The network was down.")
    assert poll.closes_at == later
    assert Entry.objects.about(poll).first().why == "The network was down."

    services.reschedule(poll, closes_at=clock.now() - timedelta(days=1), by=secretary, why="Done.")
    assert poll.is_over and not poll.takes_ballots
    with pytest.raises(IllegalMove):
        services.reschedule(poll, closes_at=later, by=secretary, why="Too late.")


def test_who_votes_for_a_unit(consortium: Consortium) -> None:
    unit, named, absent = (make_membership(consortium).organisation for _ in range(3))
    staff, colleague, person, holder = make_staff(unit), make_staff(unit), make_user(), make_user()
    absent_staff = make_staff(absent)
    electors = [Elector(unit), Elector(named, "Li", person), Elector(absent)]
    poll = make_open_poll(
        consortium, electors=electors, proxies={absent.pk: Elector(unit, "Wang", holder)}
    )

    def units(user: object) -> set[object]:
        return {voter.organisation for voter in policy.voters_of(user, poll)}  # type: ignore[arg-type]

    assert units(staff) == units(colleague) == {unit}
    assert units(person) == {named} and units(make_staff(named)) == set()
    assert units(holder) == units(absent_staff) == {absent}
    assert units(make_secretary(consortium)) == set()
    assert not policy.may_vote(make_user(), poll)
    assert policy.may_vote(staff, poll)
    with pytest.raises(Voter.DoesNotExist):
        services.cast(poll, poll.voters.get(organisation=named), choices={}, codes=[], by=staff)


def test_an_open_ballot_waits_for_whoever_has_not_voted(consortium: Consortium) -> None:
    poll = make_open_poll(consortium)
    voter = voters(poll)[0]
    user = person_of(voter)

    (todo,) = (one for one in todos_of(user) if poll.title in one.label)
    assert todo.due == poll.closes_at and str(voter.pk) in todo.url
    vote(voter)
    assert not [one for one in todos_of(user) if poll.title in one.label]


def test_listeners_hear_of_a_closed_poll_in_its_transaction(
    consortium: Consortium, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Poll] = []

    def fail(poll: Poll) -> None:
        heard.append(poll)
        raise ValueError("cannot be counted")

    monkeypatch.setattr(services, "listeners", [fail])
    poll = make_open_poll(consortium, units=1)
    vote(voters(poll)[0])
    with pytest.raises(ValueError, match="cannot be counted"), transaction.atomic():
        services.close_poll(poll, by=None)
    assert heard == [poll]
    assert Poll.objects.get(pk=poll.pk).state == "open"


def test_the_database_has_the_last_word(consortium: Consortium) -> None:
    poll = make_poll(consortium, questions=[VICE])
    unit = make_membership(consortium).organisation
    voter = Voter.objects.create(poll=poll, organisation=unit)
    for wrong in (
        lambda: Voter.objects.create(poll=poll, organisation=unit),
        lambda: Voter.objects.filter(pk=voter.pk).update(has_voted=True),
        lambda: Voter.objects.filter(pk=voter.pk).update(votes=0),
        lambda: Slip.objects.bulk_create(Slip(poll=poll, code="A", choices={}) for _ in range(2)),
        lambda: Poll.objects.filter(pk=poll.pk).update(state="open"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


# --- the file that anybody counts again -------------------------------------------------


def run_script(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "board.json").write_text(text)
    command = [sys.executable, "-I", verify_board.__file__, str(folder / "board.json")]
    return subprocess.run(command, text=True, capture_output=True, check=False, timeout=60)


def test_the_script_counts_a_board_again_and_finds_what_is_wrong(
    consortium: Consortium, tmp_path: Path
) -> None:
    poll = make_closed_poll(consortium)
    good = json.loads(json.dumps(board.as_file(poll), cls=DjangoJSONEncoder))

    passed = run_script(json.dumps(good), tmp_path)
    assert passed.returncode == 0 and passed.stdout.startswith("OK"), passed.stdout

    def changed(change: object) -> str:
        bad = json.loads(json.dumps(good))
        change(bad)  # type: ignore[operator]
        ended = run_script(json.dumps(bad), tmp_path)
        assert ended.returncode == 1
        return ended.stdout

    assert "counts otherwise" in changed(lambda b: b["slips"][0][1]["1"].update({"1": "against"}))
    assert "another number" in changed(lambda b: b["slips"].pop())
    assert "another number" in changed(lambda b: b["voted"].pop())
    assert "named twice" in changed(lambda b: b["voted"].append(b["voted"][0]))
    assert "one code" in changed(lambda b: b["slips"].append(b["slips"][0]))
    assert "favours more" in changed(
        lambda b: b["slips"][0][1]["1"].update({"1": "for", "2": "for"})
    )
    assert "digest" in changed(lambda b: b["slips"][0].__setitem__(0, "2222-2222-2222"))
    assert "not a paper" in changed(lambda b: b["slips"][0][1]["1"].update({"1": "maybe"}))
    assert run_script("{}", tmp_path).returncode == 2
    assert len(Path(verify_board.__file__).read_text().splitlines()) < 100
