from procrastinate.contrib.django import app

from silian.governance.changes import services


@app.periodic(cron="10 0 * * *")
@app.task(queueing_lock="changes.end_what_is_over")
def end_what_is_over(timestamp: int) -> None:
    """Just after midnight: agreements that were agreed to end, and those whose renewal begins."""
    services.finish_due()
    services.replace_renewed()
