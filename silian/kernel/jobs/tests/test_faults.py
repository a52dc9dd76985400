"""Workers that are killed, work that fails, and what people are told of it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.jobs import services, tasks
from silian.kernel.jobs.models import Job
from silian.kernel.jobs.tests.factories import (
    fail_unwatched,
    make_job,
    sleep_in_the_first_worker,
    work,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]

WORKER = """
import django
django.setup()
import silian.kernel.jobs.tests.factories
from procrastinate.contrib.django import app
with app.replace_connector(app.connector.get_worker_connector()) as worker:
    worker.run_worker()
"""


@contextmanager
def worker_process() -> Iterator[subprocess.Popen[bytes]]:
    """A worker as it runs in production, on the database of this test."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(
        path=f"/{connection.settings_dict['NAME']}"
    )
    environment = {**os.environ, "DATABASE_URL": database.geturl(), "SILIAN_TEST_SLEEPS": "1"}
    environment["DJANGO_SETTINGS_MODULE"] = "silian.config.settings"
    command = [sys.executable, "-W", "ignore", "-c", WORKER]
    process = subprocess.Popen(command, env=environment, cwd=settings.ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def fall_silent() -> None:
    """As if the half minute had passed after which a worker counts as gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'"
        )


def test_work_whose_worker_is_killed_is_done_again(client: Client) -> None:
    job = services.start(sleep_in_the_first_worker, title="Sleep", by=make_user(language="en"))
    with worker_process() as process:
        until(lambda: Job.objects.get(pk=job.pk).done == 1)
        process.kill()
    job.refresh_from_db()
    assert job.state == "running" and not job.interrupted, "for half a minute nobody can know"
    fall_silent()
    assert job.interrupted
    client.force_login(job.by)
    page = client.get(reverse("jobs:progress", args=[job.pk])).content.decode()
    assert "The worker stopped while it was at work." in page
    tasks.tend(0)
    job.refresh_from_db()
    assert (job.state, job.done, job.interrupted) == ("waiting", 0, False)
    work()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 2)
    assert ProcrastinateJob.objects.get(pk=job.queue_id).attempts == 2


def interrupt(job: Job, attempts: int = 0) -> None:
    """As a worker leaves it that is killed and forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s WHERE id = %s",
            [attempts, job.queue_id],
        )


def test_work_that_takes_three_workers_with_it_is_given_up() -> None:
    job = make_job(by=make_user(language="zh-hans"), state="running")
    interrupt(job, attempts=2)
    services.tend()
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "任务多次中断，已停止重试。")
    assert ProcrastinateJob.objects.get(pk=job.queue_id).status == "failed"


def test_work_that_was_done_before_the_kill_is_not_done_twice() -> None:
    job = make_job(state="done")
    interrupt(job)
    services.tend()
    job.refresh_from_db()
    assert job.state == "done"
    assert ProcrastinateJob.objects.get(pk=job.queue_id).status == "succeeded"


def test_no_job_runs_on_when_the_queue_has_ended_it() -> None:
    job = make_job(upto=-1)
    work()
    Job.objects.filter(pk=job.pk).update(state="running")
    services.tend()
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_worker_that_is_alive_keeps_its_work() -> None:
    job = services.start(sleep_in_the_first_worker, title="Sleep", by=make_user())
    with worker_process():
        until(lambda: Job.objects.get(pk=job.pk).state == "running")
        services.tend()
        assert Job.objects.get(pk=job.pk).state == "running"
        assert ProcrastinateWorker.objects.count() == 1


def test_the_error_of_a_task_without_a_job_is_kept_for_the_administrator(client: Client) -> None:
    key = services.defer(fail_unwatched)
    work()
    client.force_login(make_user(duty=User.Duty.SYSTEM))
    assert "nobody watched" in client.get("/system/jobs/").content.decode()
    page = client.get(reverse("jobs:queued", args=[key])).content.decode()
    assert "nobody watched" in page and "silian.tests.unwatched" in page


def test_failed_work_is_done_again_and_that_is_recorded(client: Client) -> None:
    job = make_job(upto=-1)
    work()
    administrator = make_user(duty=User.Duty.SYSTEM)
    client.force_login(administrator)
    client.post(reverse("jobs:retry", args=[job.queue_id]))
    job.refresh_from_db()
    assert (job.state, job.error) == ("waiting", "")
    assert ProcrastinateJob.objects.get(pk=job.queue_id).status == "todo"
    entry = Entry.objects.get(action="Work done again")
    assert entry.by == administrator and entry.detail == {"task": "silian.tests.count"}
    work()
    job.refresh_from_db()
    assert job.state == "failed"


def test_finished_work_leaves_the_queue_after_some_days() -> None:
    done, failed, fresh = make_job(), make_job(upto=-1), make_job()
    work()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - interval '4 days' WHERE job_id <> %s",
            [fresh.queue_id],
        )
    tasks.tidy(0)
    left = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    assert left == {failed.queue_id, fresh.queue_id}
    assert Job.objects.filter(pk=done.pk, state="done").exists()


def test_errors_that_nobody_watched_go_with_their_tasks() -> None:
    services.defer(fail_unwatched)
    work()
    tasks.tidy(0)
    assert Job.objects.filter(by=None).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '91 days'")
    tasks.tidy(0)
    assert not Job.objects.exists()


def test_the_periodic_tasks_are_known_to_every_worker() -> None:
    names = {each.task.name for each in app.periodic_registry.periodic_tasks.values()}
    assert {"silian.kernel.jobs.tasks.tend", "silian.kernel.jobs.tasks.tidy"} <= names
