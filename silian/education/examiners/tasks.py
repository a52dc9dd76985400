from procrastinate.contrib.django import app

from silian.education.examiners import services


@app.periodic(cron="40 0 * * *")
@app.task(queueing_lock="examiners.warn_of_ends")
def warn_of_ends(timestamp: int) -> None:
    """Each morning: whose card runs out."""
    services.warn_of_ends()
