from procrastinate.contrib.django import app

from silian.kernel.files import services


@app.periodic(cron="20 4 * * *")
@app.task(queueing_lock="files.clean")
def clean(timestamp: int) -> None:
    """Remove what was uploaded and never used."""
    services.clean()
