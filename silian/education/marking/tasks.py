"""Scoring in the background; the papers of an exam that is over, by themselves."""

from procrastinate.contrib.django import app

from silian.education.marking import scoring, services
from silian.education.marking.models import Marking
from silian.education.sittings.models import Exam
from silian.kernel.jobs import services as jobs


@app.task
def score(job_id: int, marking: int) -> None:
    """Papers that have a sheet are left out: done again, it goes on where it was."""
    with jobs.running(job_id) as job:
        found = Marking.objects.select_related("exam__consortium", "exam__organiser").get(
            pk=marking
        )
        if found.state != Marking.State.SCORING:
            return
        scoring.score_papers(found, progress=job.advance)
        services.open_marking(found, by=job.by)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="marking.begin_closed")
def begin_closed(timestamp: int) -> None:
    """An exam is over once nothing more can arrive (education.answering)."""
    for exam in Exam.objects.filter(state=Exam.State.CLOSED, marking=None):
        services.begin_marking(exam, by=None)
