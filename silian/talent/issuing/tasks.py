"""Issuing a batch, in the background."""

from procrastinate.contrib.django import app

from silian.kernel.accounts.models import User
from silian.kernel.jobs import services as jobs
from silian.talent.issuing import services
from silian.talent.issuing.models import Batch


@app.task(lock="certificates")
def issue(job_id: int, batch: int, officer: int) -> None:
    """All or nobody; a worker that is killed leaves nothing, and the next one begins anew."""
    with jobs.running(job_id) as job:
        found = Batch.objects.get(pk=batch)
        if found.state == Batch.State.ISSUED:  # done, but the worker was killed before it said so
            return
        total = found.candidates.filter(struck="").count()
        job.advance(0, total)
        by = User.objects.get(pk=officer)
        services.issue_batch(found, by=by, progress=lambda done: job.advance(done, total))
