"""Time runs out by itself."""

from procrastinate.contrib.django import app

from silian.education.answering.services import close_finished, end_overdue


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="answering.time_runs_out")
def time_runs_out(timestamp: int) -> None:
    end_overdue()
    close_finished()
