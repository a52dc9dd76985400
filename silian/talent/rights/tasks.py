from procrastinate.contrib.django import app

from silian.talent.rights import services


@app.periodic(cron="40 0 * * *")
@app.task(queueing_lock="rights.keep_terms")
def keep_terms(timestamp: int) -> None:
    """Each night: forget whose day has come; remind schools of what people asked for."""
    services.carry_out_due()
    services.remind_of_corrections()
