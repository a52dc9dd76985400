"""What the clock does to offers."""

from procrastinate.contrib.django import app

from silian.talent.offers import services


@app.periodic(cron="* * * * *")
@app.task(name="silian.talent.offers.tasks.lapse_offers", queueing_lock="lapse_offers")
def lapse_offers(timestamp: int) -> None:
    """End what was not answered in time, and ask the next in line."""
    services.lapse_overdue()
