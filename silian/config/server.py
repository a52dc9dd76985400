"""``silian serve`` and ``silian worker``: the two kinds of process that an installation runs.

Any number of each, on any number of machines, over one PostgreSQL.
"""

import sys

from django.conf import settings

from silian.config import preparation
from silian.config.catalogues import compile_stale
from silian.config.database import ensure_database


def serve() -> None:
    """Answer requests until told to stop; static files are collected first where they changed."""
    prepare()
    if not settings.DEBUG:  # then they are served from where they lie
        preparation.prepare_static()
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
        log_level=LogLevels.error,
        respawn_failed_workers=True,
    ).serve()


def work() -> None:
    """Do background work and periodic jobs until told to stop; a running job is finished first."""
    prepare()
    preparation.set_up()
    from django.core.management import call_command  # noqa: PLC0415

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
    ensure_database()  # before settings are read
    if settings.SECRET_KEY == settings.UNSET_KEY and not settings.DEBUG:
        sys.exit("silian: set SILIAN_SECRET_KEY to a long random text that stays the same")
