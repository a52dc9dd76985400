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
