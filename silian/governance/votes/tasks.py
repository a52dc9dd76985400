"""What the clock does to votes by correspondence."""

from procrastinate.contrib.django import app

from silian.governance.votes import services


@app.periodic(cron="* * * * *")
@app.task(name="silian.governance.votes.tasks.keep_deadlines", queueing_lock="votes.deadlines")
def keep_deadlines(timestamp: int) -> None:
    """Close those whose deadline has passed or that are complete, and remind of the others."""
    services.keep_deadlines()
