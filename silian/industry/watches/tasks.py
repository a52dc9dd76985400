from procrastinate.contrib.django import app

from silian.industry.watches import services


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="watches.look_at_once")
def look_at_once(timestamp: int) -> None:
    """Every five minutes: searches whose owners want to know at once."""
    services.look_at_once()


@app.periodic(cron="10 0 * * *")
@app.task(queueing_lock="watches.look_each_morning")
def look_each_morning(timestamp: int) -> None:
    """Each morning: the digests of the day, and of the week where it is over."""
    services.look_each_morning()
