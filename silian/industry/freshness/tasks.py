from procrastinate.contrib.django import app

from silian.industry.freshness import services


@app.periodic(cron="20 0 * * *")
@app.task(queueing_lock="freshness.tend")
def tend(timestamp: int) -> None:
    """Each morning: ask about what was not confirmed for long, lower it, close it."""
    services.tend()
