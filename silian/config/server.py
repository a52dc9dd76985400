"""``silian serve`` and ``silian worker``: the two kinds of process that an installation runs.

Any number of each, on any number of machines, over one PostgreSQL.
"""

import fcntl
import hashlib
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from silian.config.catalogues import compile_stale
from silian.config.database import ensure_database


def serve() -> None:
    """Answer requests until told to stop; static files are collected first where they changed."""
    prepare()
    collect_static()
    from granian import Granian  # noqa: PLC0415  slow, and no other command needs it
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    Granian(
        "silian.config.wsgi:application",
        address=settings.SERVE_ADDRESS,
        port=settings.SERVE_PORT,
        interface=Interfaces.WSGI,
        workers=settings.SERVE_PROCESSES,
        blocking_threads=settings.SERVE_THREADS,
        backlog=4096,  # with the defaults, 2,000 open connections made some wait 12 seconds
        backpressure=4096,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()


def work() -> None:
    """Do background work and periodic jobs until told to stop; a running job is finished first."""
    prepare()
    call_command(
        "procrastinate",
        "worker",
        "--concurrency",
        str(settings.JOBS_AT_ONCE),
        "--shutdown-graceful-timeout",
        str(settings.JOB_GRACE_SECONDS),
    )


def prepare() -> None:
    compile_stale()
    ensure_database()
    django.setup()
    if settings.SECRET_KEY == settings.UNSET_KEY and not settings.DEBUG:
        sys.exit("silian: set SILIAN_SECRET_KEY to a long random text that stays the same")


def collect_static() -> None:
    """Fill ``var/static`` with hashed, compressed files, unless it holds just these already."""
    if settings.DEBUG:
        return  # served from where they lie
    folder = Path(settings.STATIC_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two servers may start at once
        stamp, now = folder / ".collected", fingerprint()
        if not stamp.exists() or stamp.read_text() != now:
            call_command("collectstatic", interactive=False, verbosity=0)
            stamp.write_text(now)


def fingerprint() -> str:
    """Changes whenever a static file is added, removed or written."""
    lines = [str(settings.STORAGES["staticfiles"]["BACKEND"])]
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            lines.append(f"{path} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
