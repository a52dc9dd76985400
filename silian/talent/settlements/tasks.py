from procrastinate.contrib.django import app

from silian.talent.settlements import services


@app.periodic(cron="40 0 * * *")
@app.task(queueing_lock="settlements.settle")
def settle(timestamp: int) -> None:
    """Each morning: settle the quarter that has ended, and remind of what is late."""
    services.make_due()
    services.remind()
