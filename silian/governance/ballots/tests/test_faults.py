"""Two at once, too late, and killed in the middle: one ballot or none, and the voter sees which."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from silian.governance.ballots import board, services
from silian.governance.ballots.models import Poll, Urn, Voter
from silian.governance.ballots.tasks import close_overdue
from silian.governance.ballots.tests.factories import make_open_poll, person_of, vote
from silian.governance.ballots.urn import contents
from silian.governance.members.tests.factories import make_consortium
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.states import IllegalMove

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def poll() -> Poll:
    return make_open_poll(make_consortium(), units=4)


def voters(poll: Poll) -> list[Voter]:
    return list(Voter.objects.filter(poll=poll).select_related("organisation", "poll"))


def in_urn(poll: Poll) -> int:
    return len(contents(Urn.objects.get(poll=poll)))


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call answers or raises, all started together in transactions of their own."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        gate.wait()
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def waiting_for_a_lock() -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        cursor.execute(f"{query} AND datname = current_database()")
        return bool(cursor.fetchone()[0])


def test_of_two_ballots_of_one_unit_at_once_one_is_taken(poll: Poll) -> None:
    one, other = voters(poll)[:1] * 2
    answers = at_once(lambda: vote(one), lambda: vote(other))
    kinds = sorted(type(answer).__name__ for answer in answers)
    assert kinds == ["Receipt", "VotedAlready"], answers
    assert in_urn(poll) == 1


def test_all_units_at_once_lose_no_ballot() -> None:
    poll = make_open_poll(make_consortium(), units=12)
    calls = [lambda voter=voter: vote(voter) for voter in voters(poll)]
    answers = at_once(*calls)
    assert all(isinstance(answer, services.Receipt) for answer in answers), answers
    codes = {code for answer in answers for code in answer.codes}  # type: ignore[attr-defined]
    services.close_poll(poll, by=None)
    assert {slip.code for slip in poll.slips.all()} == codes


def test_a_ballot_that_comes_while_the_poll_closes_is_counted_or_refused(poll: Poll) -> None:
    (late, *others) = voters(poll)
    for voter in others:
        vote(voter)
    services.reschedule(poll, closes_at=clock.now(), by=person_of(late), why="Time is up.")
    cast, _closed = at_once(
        lambda: vote(late), lambda: services.close_poll(Poll.objects.get(pk=poll.pk), by=None)
    )
    assert isinstance(cast, services.Refused)
    poll.refresh_from_db()
    assert poll.state == "closed" and board.turnout(poll).votes == poll.slips.count() == 3


def test_of_two_who_close_at_once_one_publishes(poll: Poll) -> None:
    for voter in voters(poll):
        vote(voter)
    calls = [lambda: services.close_poll(Poll.objects.get(pk=poll.pk), by=None)] * 2
    answers = at_once(*calls)
    assert [type(answer) for answer in answers if answer] == [IllegalMove]
    assert poll.slips.count() == 4


def test_a_failure_between_urn_and_roll_keeps_neither(
    poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    voter = voters(poll)[0]
    with monkeypatch.context() as patch:
        patch.setattr(Urn, "save", broken_after(Urn.save))
        with pytest.raises(RuntimeError):
            vote(voter)
    assert in_urn(poll) == 0 and not Voter.objects.get(pk=voter.pk).has_voted
    vote(voter)
    assert in_urn(poll) == 1


def broken_after(save: Callable[..., None]) -> Callable[..., None]:
    def saved(*args: object, **kwargs: object) -> None:
        save(*args, **kwargs)
        raise RuntimeError("the power went")

    return saved


def test_the_clock_alone_closes_what_is_overdue_and_a_broken_poll_stops_no_other(
    poll: Poll, caplog: pytest.LogCaptureFixture
) -> None:
    broken = make_open_poll(make_consortium(), units=1)
    vote(voters(poll)[0])
    broken.voters.update(has_voted=True, voted_by=person_of(voters(broken)[0]))
    over = {"opens_at": clock.now() - timedelta(hours=2), "closes_at": clock.now()}
    Poll.objects.update(**over)

    close_overdue(0)

    poll.refresh_from_db()
    broken.refresh_from_db()
    assert (poll.state, broken.state) == ("closed", "open")
    assert "does not add up" in caplog.text


# --- a server that dies -----------------------------------------------------------------


@contextmanager
def server() -> Iterator[tuple[int, int]]:
    """A server as in production, on the database of this test: its port and process group."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    database = urlsplit(os.environ["DATABASE_URL"])._replace(
        path=f"/{connection.settings_dict['NAME']}"
    )
    more = {"DATABASE_URL": database.geturl(), "DJANGO_SETTINGS_MODULE": "silian.config.settings"}
    command = [Path(sys.executable).with_name("granian"), "--interface", "wsgi"]
    command += ["--port", str(port), "silian.config.wsgi:application"]
    process = subprocess.Popen(
        list(map(str, command)),
        env={**os.environ, **more},
        cwd=settings.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until(lambda: answers(port))
        yield port, process.pid
    finally:
        kill(process.pid)
        process.wait()


def kill(group: int) -> None:
    """With -9: it tidies nothing up."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/livez")[0] == 200
    except OSError:
        return False


def ask(port: int, method: str, path: str, **more: str) -> tuple[int, str, str]:
    """Status, cookies set, and body of one request; ``more`` are ``body`` and ``cookie``."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": more.get("cookie", ""), "Accept-Language": "en"}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    link.request(method, path, more.get("body"), headers)
    answer = link.getresponse()
    cookies = "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie", []))
    return answer.status, cookies, answer.read().decode()


class Voting:
    """A browser with the paper of one unit before it, at a real server."""

    def __init__(self, port: int, poll: Poll, voter: Voter) -> None:
        self.port, self.voter = port, voter
        self.user: User = person_of(voter)
        self.path = reverse("ballots:ballot", args=[poll.consortium, poll.pk])
        client = Client()
        client.force_login(self.user)
        name = settings.SESSION_COOKIE_NAME
        cookie = f"{name}={client.cookies[name].value}"
        status, given, page = ask(port, "GET", self.path, cookie=cookie)
        assert status == 200, page
        self.cookie = f"{cookie}; {given}"
        hidden = dict(re.findall(r'name="(csrfmiddlewaretoken|codes)" value="([^"]+)"', page))
        self.code = hidden["codes"]
        self.paper = hidden | {"unit": str(voter.pk), "q1_1": "for"}

    def hand_in(self) -> None:
        """Send the paper; whatever the answer is, it does not arrive."""
        try:
            ask(self.port, "POST", self.path, body=urlencode(self.paper), cookie=self.cookie)
        except (OSError, http.client.HTTPException):
            return

    def again(self) -> str:
        """The same paper sent once more, to another server: what the voter reads."""
        client = Client()
        client.force_login(self.user)
        return client.post(self.path, self.paper).text

    def look(self) -> str:
        """What the voter reads who comes back and knows nothing."""
        client = Client()
        client.force_login(self.user)
        return client.get(self.path).text


@contextmanager
def held(statement: str) -> Iterator[None]:
    """Make everybody else wait where they come to what ``statement`` locks."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        yield


def killed_while(statement: str, poll: Poll, voter: Voter) -> Voting:
    """A ballot handed in to a server that is killed with -9 where it waits for that lock."""
    with server() as (port, group):
        voting = Voting(port, poll, voter)
        with held(statement):
            sender = threading.Thread(target=voting.hand_in)
            sender.start()
            until(waiting_for_a_lock)
            kill(group)
        sender.join(timeout=30)
    until(lambda: not waiting_for_a_lock())
    return voting


def test_a_server_killed_before_the_ballot_is_in_leaves_none(poll: Poll) -> None:
    voter = voters(poll)[0]
    locked = f"SELECT 1 FROM ballots_urn WHERE poll_id = {poll.pk} FOR UPDATE"

    voting = killed_while(locked, poll, voter)

    assert in_urn(poll) == 0 and not Voter.objects.get(pk=voter.pk).has_voted
    assert "Hand in the ballot" in voting.look(), "the voter sees that nothing has arrived"
    assert "is in the urn." in voting.again()
    assert in_urn(poll) == 1


def test_a_server_killed_before_it_answers_leaves_one(poll: Poll) -> None:
    """The page of the receipt waits for the notices' table; the ballot is committed by then."""
    voter = voters(poll)[0]

    voting = killed_while("LOCK TABLE notices_notice IN ACCESS EXCLUSIVE MODE", poll, voter)

    assert in_urn(poll) == 1 and Voter.objects.get(pk=voter.pk).has_voted
    assert "was handed in by" in voting.look(), "the voter sees that it has arrived"
    assert voting.code in voting.again()
    assert in_urn(poll) == 1
