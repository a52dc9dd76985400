"""``silian run``: everything on one machine, for a demo or for development.

PostgreSQL (unless DATABASE_URL names one), a web server and a worker, started in this order and
stopped together. Every reason not to start is one line.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings

from silian.config.catalogues import compile_stale
from silian.config.database import VAR, ensure_database
from silian.config.preparation import ACCOUNTS, prepare_database, say, set_up

READY_WITHIN = 60  # seconds
STOP_WITHIN = 15  # seconds

Child = tuple[str, subprocess.Popen[bytes]]


def run() -> None:
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)  # also where a shell started us with it ignored
    try:
        check_folder(VAR)
        default_environment(VAR)
        compile_stale()
        ensure_database()  # before settings are read
        check_port(settings.SERVE_ADDRESS, settings.SERVE_PORT)
        prepare_database(settings.DEMO)
        with children("serve", "worker") as started:
            wait_until_ready(started)
            announce()
            wait_for_end(started)
    except KeyboardInterrupt:
        print("\nsilian: stopped", flush=True)  # noqa: T201


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as error:
        sys.exit(f"silian: the folder {folder} cannot be written ({error.strerror})")


def check_port(address: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            sys.exit(
                f"silian: port {port} of {address} cannot be used ({error.strerror}); "
                f"choose another, for instance: make run PORT={port + 1}"
            )


def default_environment(folder: Path) -> None:
    """What a demo need not be told: a secret of its own, and a log for people."""
    kept = folder / "secret"
    if "SILIAN_SECRET_KEY" not in os.environ and not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50))
    os.environ.setdefault("SILIAN_SECRET_KEY", kept.read_text() if kept.exists() else "")
    os.environ.setdefault("SILIAN_LOG_FORMAT", "plain")
    os.environ.setdefault("SILIAN_LOG_LEVEL", "WARNING")


@contextmanager
def children(*commands: str) -> Iterator[list[Child]]:
    """Processes of ours, each in a group of its own, so that Ctrl-C reaches them through us."""
    started: list[Child] = []
    try:
        for command in commands:
            arguments = [sys.executable, "-m", "silian.config.cli", command]
            process = subprocess.Popen(arguments, start_new_session=True)  # noqa: S603
            started.append((command, process))
        yield started
    finally:
        stop(started)


def stop(started: list[Child]) -> None:
    """Ask all to finish, and end those that do not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # one Ctrl-C is enough
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for _command, process in started:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + STOP_WITHIN
    for _command, process in started:
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until_ready(started: list[Child]) -> None:
    until = time.monotonic() + READY_WITHIN
    while not is_ready():
        end_if_one_ended(started)
        if time.monotonic() > until:
            sys.exit(f"silian: the server was not ready within {READY_WITHIN} seconds")
        time.sleep(0.1)


def is_ready() -> bool:
    try:
        with urllib.request.urlopen(f"{address()}readyz", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def address() -> str:
    host = settings.SERVE_ADDRESS
    host = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1") else host  # noqa: S104
    return f"http://{host}:{settings.SERVE_PORT}/"


def wait_for_end(started: list[Child]) -> None:
    while True:
        end_if_one_ended(started)
        time.sleep(0.5)


def end_if_one_ended(started: list[Child]) -> None:
    for command, process in started:
        if process.poll() is not None:
            sys.exit(f"silian: “silian {command}” ended with status {process.returncode}")


def announce() -> None:
    say(f"ready at {address()}")
    if settings.DEMO:
        print(accounts_table(), flush=True)  # noqa: T201
    say("Ctrl-C stops everything.")


def accounts_table() -> str:
    """Who can sign in to the demo; kept, since asking takes as long as everything else."""
    if not ACCOUNTS.exists():
        set_up()
        demo: Any = import_module("silian.demo.loading.services")
        ACCOUNTS.write_text(demo.accounts_table())
    return ACCOUNTS.read_text()
