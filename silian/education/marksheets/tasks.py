"""Statistics of items in the background."""

from procrastinate.contrib.django import app

from silian.education.marking.models import Marking
from silian.education.marksheets import statistics
from silian.kernel.jobs import services as jobs


@app.task
def measure(job_id: int, marking: int) -> None:
    with jobs.running(job_id):
        statistics.tell_items(Marking.objects.select_related("exam__paper").get(pk=marking))
