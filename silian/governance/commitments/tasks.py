from procrastinate.contrib.django import app

from silian.governance.commitments import services


@app.periodic(cron="30 0 * * *")
@app.task(queueing_lock="commitments.remind")
def remind(timestamp: int) -> None:
    """Each morning: tell owners what is due soon or overdue."""
    services.remind()
