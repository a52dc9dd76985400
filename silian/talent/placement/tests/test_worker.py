"""What becomes of a claimed round when its worker dies, waits, fails, or is asked twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction

from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.jobs.models import Job
from silian.kernel.jobs.tests.factories import work
from silian.talent.placement import services, tasks
from silian.talent.placement.models import Run
from silian.talent.placement.tests.factories import make_contest
from silian.talent.rounds.models import Round

pytestmark = pytest.mark.usefixtures("queue")

WORKER = """
import django; django.setup()
from silian.talent.placement import services
from silian.talent.rounds.models import Round
services.compute_round(Round.objects.get(pk={pk}), by=None)
"""


@pytest.fixture
def queue(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def start_worker(found: Round) -> "subprocess.Popen[bytes]":
    """A process of its own that computes the round in the database of this test."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database_name()}").geturl()
    facts = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "silian.config.settings"}
    command = [sys.executable, "-W", "ignore", "-c", WORKER.format(pk=found.pk)]
    return subprocess.Popen(command, env={**os.environ, **facts})


def database_name() -> str:
    return str(connection.settings_dict["NAME"])


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def is_computing(found: Round) -> bool:
    """Does anybody hold the lock of this round's computation?"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s"
            " AND objid = %s",
            [services.RUN_LOCK, found.pk],
        )
        return bool(cursor.fetchone()[0])


def claimed_round() -> Round:
    found, _lists = make_contest()
    services.start_run(found, task=tasks.compute_round, by=make_user())
    return found


def test_a_worker_computes_what_was_claimed() -> None:
    found = claimed_round()
    assert not services.release_if_abandoned(found)
    work()
    found.refresh_from_db()
    assert (found.state, found.job, found.runs.count()) == ("computed", None, 1)


def test_a_killed_worker_leaves_the_round_as_it_was_and_it_runs_again() -> None:
    found = claimed_round()
    Job.objects.update(state=Job.State.RUNNING)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE placement_run IN EXCLUSIVE MODE")  # it will wait in the middle
        worker = start_worker(found)
        wait_for(lambda: is_computing(found))
        assert not services.release_if_abandoned(found)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    wait_for(lambda: not is_computing(found))

    found.refresh_from_db()
    assert (found.state, Run.objects.count()) == (Round.State.RUNNING, 0)
    assert services.release_abandoned() == 1
    found.refresh_from_db()
    assert found.state == Round.State.RANKING

    services.start_run(found, task=tasks.compute_round, by=make_user())
    work()
    found.refresh_from_db()
    assert (found.state, found.runs.count()) == (Round.State.COMPUTED, 1)


def test_a_failed_computation_gives_the_round_back() -> None:
    found = claimed_round()
    with connection.cursor() as cursor:  # what no engine survives: a seed that is no number
        cursor.execute("ALTER TABLE rounds_round DISABLE TRIGGER rules_stand")
        cursor.execute("ALTER TABLE rounds_round DROP CONSTRAINT a_seed_is_a_number")
        cursor.execute("UPDATE rounds_round SET seed = 'x'")
    try:
        work()
        found.refresh_from_db()
        assert found.state == Round.State.RANKING
        assert Job.objects.get().state == Job.State.FAILED
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE rounds_round SET seed = '1'")
            cursor.execute("ALTER TABLE rounds_round ENABLE TRIGGER rules_stand")
            cursor.execute(
                "ALTER TABLE rounds_round ADD CONSTRAINT a_seed_is_a_number"
                " CHECK (seed::text ~ '^(0|[1-9][0-9]*)$')"
            )


def test_a_job_whose_claim_is_gone_does_nothing() -> None:
    found = claimed_round()
    services.release_claim(found, why="tested")
    work()
    found.refresh_from_db()
    assert (found.state, found.runs.count()) == (Round.State.RANKING, 0)
    assert Job.objects.get().state == Job.State.DONE
