"""What must be true before the first request: tables, code lists, demo, static files.

Finding out takes Django two seconds, so what was prepared is remembered under ``var/``: a start
after which nothing has changed skips it all.
"""

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from io import StringIO
from pathlib import Path

import psycopg

from silian.config.catalogues import PACKAGE
from silian.config.database import VAR

ACCOUNTS = VAR / "accounts.txt"  # of the demo
FOLDERS = {"static", "migrations", "data"}


def prepared(name: str, mark: str) -> bool:
    """Was ``name`` done when everything was as ``mark`` says?"""
    kept = VAR / f"{name}.mark"
    return kept.exists() and kept.read_text() == mark


def remember(name: str, mark: str) -> None:
    (VAR / f"{name}.mark").write_text(mark)


def code_mark() -> str:
    """Changes with our static files, migrations and data, and with every installed package."""
    lines = [f"{each.name} {each.version}" for each in distributions()]
    lines += [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in own_files()]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def own_files() -> Iterator[Path]:
    for folder, _folders, names in os.walk(PACKAGE):
        if FOLDERS & set(Path(folder).parts):
            yield from (Path(folder) / name for name in names if not name.endswith(".pyc"))


def database_mark() -> str:
    """Changes when the database is another one, or has seen another migration."""
    try:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            found = connection.execute(
                "SELECT oid, (SELECT count(*) FROM django_migrations) FROM pg_database "
                "WHERE datname = current_database()"
            ).fetchone()
    except psycopg.errors.UndefinedTable:
        return "empty"
    except psycopg.OperationalError as error:
        sys.exit(f"silian: PostgreSQL does not answer ({str(error).strip().splitlines()[0]})")
    return str(found)


def prepare_database(demo: bool) -> None:
    """Bring an old or empty database up to date, and fill it for a demo."""
    mark = f"{code_mark()} {database_mark()} {demo}"
    if prepared("database", mark):
        return
    from django.core.management import call_command, get_commands  # noqa: PLC0415

    say("preparing the database …")
    set_up()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_codes", stdout=StringIO())
    if demo and "load_demo" in get_commands() and has_no_consortium():
        say("loading the demo …")
        call_command("load_demo")
    ACCOUNTS.unlink(missing_ok=True)
    remember("database", f"{code_mark()} {database_mark()} {demo}")


def has_no_consortium() -> bool:
    from silian.governance.consortia.models import Consortium  # noqa: PLC0415

    return not Consortium.objects.exists()


def prepare_static() -> None:
    """Fill ``var/static`` with hashed, compressed files, unless it holds just these already."""
    VAR.mkdir(parents=True, exist_ok=True)
    with (VAR / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two servers may start at once
        mark = code_mark()
        if not prepared("static", mark):
            from django.core.management import call_command  # noqa: PLC0415

            set_up()
            call_command("collectstatic", interactive=False, verbosity=0)
            remember("static", mark)


def set_up() -> None:
    import django  # noqa: PLC0415

    django.setup()


def say(text: str) -> None:
    print(f"silian: {text}", flush=True)  # noqa: T201
