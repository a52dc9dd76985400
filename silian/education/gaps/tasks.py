"""Comparing many programmes in the background."""

from procrastinate.contrib.django import app

from silian.education.gaps import services
from silian.governance.consortia.models import Consortium
from silian.kernel.jobs import services as jobs


@app.task(name="silian.education.gaps.tasks.compare_programmes")
def compare_programmes(job_id: int, consortium_id: int) -> None:
    """Each programme is a transaction of its own; one that has not changed is left out."""
    consortium = Consortium.objects.get(pk=consortium_id)
    with jobs.running(job_id) as job:
        services.compare_all(consortium, by=job.by, progress=job.advance)
