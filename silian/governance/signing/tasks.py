"""What the clock does to signings."""

from procrastinate.contrib.django import app

from silian.governance.signing import services


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="signing.keep_deadlines")
def keep_deadlines(timestamp: int) -> None:
    """End what was not signed in time."""
    services.keep_deadlines()


@app.periodic(cron="0 9 * * *")
@app.task(queueing_lock="signing.remind_waiting")
def remind_waiting(timestamp: int) -> None:
    """Remind whoever has been waited for some days."""
    services.remind_waiting()
