"""The run and the publication of a round in the background, and what the clock does to rounds."""

from procrastinate.contrib.django import app

from silian.kernel.jobs import services as jobs
from silian.talent.placement import services
from silian.talent.rounds.models import Round
from silian.talent.wishes.closing import close_overdue

COMPUTED_BY_JOB = (Round.State.RUNNING, Round.State.REHEARSAL)


@app.task(name="silian.talent.placement.tasks.compute_round")
def compute_round(job_id: int, round_id: int) -> None:
    """Compute the round that this job claims; a job whose claim is gone does nothing."""
    found = Round.objects.select_related("consortium").filter(pk=round_id).first()
    with jobs.running(job_id) as job:
        if not found or found.state not in COMPUTED_BY_JOB or found.job_id != job_id:
            return
        try:
            total = services.Stages.COUNT
            services.compute_round(
                found, by=job.by, progress=lambda stage: job.advance(stage, total)
            )
        except Exception as error:
            services.release_claim(found, why=str(error)[:300])
            raise


@app.task(name="silian.talent.placement.tasks.publish_round")
def publish_round(job_id: int, round_id: int) -> None:
    """Publish a large round; where it is published already, a repeated job does nothing."""
    found = Round.objects.select_related("consortium").get(pk=round_id)
    with jobs.running(job_id) as job:
        if found.state == Round.State.COMPUTED:
            services.publish_round(found, by=job.by)


@app.periodic(cron="* * * * *")
@app.task(name="silian.talent.placement.tasks.keep_deadlines", queueing_lock="keep_deadlines")
def keep_deadlines(timestamp: int) -> None:
    """Close wishes, release the claims of dead workers."""
    close_overdue()
    services.release_abandoned()
