import os
import time

from procrastinate.contrib.django import app

from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.jobs import services
from silian.kernel.jobs.models import Job


@app.task(name="silian.tests.count")
def count_up(job_id: int, upto: int) -> None:
    """Counts, and fails at a negative number."""
    with services.running(job_id) as job:
        if upto < 0:
            raise ValueError("there is no such number")
        for number in range(upto):
            job.advance(number + 1, upto)


@app.task(name="silian.tests.sleep")
def sleep_in_the_first_worker(job_id: int) -> None:
    """Sleeps in the worker process that a test kills; done at once by the worker that follows."""
    with services.running(job_id) as job:
        job.advance(1, 2)
        while os.environ.get("SILIAN_TEST_SLEEPS"):
            time.sleep(0.1)
        job.advance(2, 2)


@app.task(name="silian.tests.unwatched")
def fail_unwatched() -> None:
    raise ValueError("nobody watched")


def make_job(by: User | None = None, upto: int = 3, **fields: object) -> Job:
    by = by or make_user()
    job = services.start(count_up, title="Count", by=by, url="/counted/", upto=upto)
    Job.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()
    return job


def work() -> None:
    """Let a real worker do what is queued, then stop."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
