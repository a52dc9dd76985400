"""The run of a round in the background, and what the clock does to rounds."""

from procrastinate.contrib.django import app

from silian.kernel.jobs import services as jobs
from silian.talent.placement import offers, services
from silian.talent.rounds.models import Round
from silian.talent.wishes.services import close_overdue


@app.task(name="silian.talent.placement.tasks.compute_round")
def compute_round(job_id: int, round_id: int) -> None:
    """Compute the round that this job claims; a job whose claim is gone does nothing."""
    found = Round.objects.select_related("consortium").get(pk=round_id)
    with jobs.running(job_id) as job:
        if found.state != Round.State.RUNNING or found.job_id != job_id:
            return
        try:
            services.compute_round(found, by=job.by)
        except Exception as error:
            services.release_claim(found, why=str(error)[:300])
            raise


@app.periodic(cron="* * * * *")
@app.task(name="silian.talent.placement.tasks.keep_deadlines", queueing_lock="keep_deadlines")
def keep_deadlines(timestamp: int) -> None:
    """Close wishes, let unanswered offers lapse, release the claims of dead workers."""
    close_overdue()
    offers.lapse_overdue()
    services.release_abandoned()
