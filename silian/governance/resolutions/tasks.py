"""What the clock does to resolutions."""

from procrastinate.contrib.django import app

from silian.governance.resolutions import services


@app.periodic(cron="0 1 * * *")  # nine in the morning in China
@app.task(name="silian.governance.resolutions.tasks.remind", queueing_lock="resolutions.remind")
def remind(timestamp: int) -> None:
    """Remind units of what is due soon, and everybody concerned of what is overdue."""
    services.remind_all()
