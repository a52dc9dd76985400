"""What keeps the index true where one row's name stands in another row's document."""

from procrastinate.contrib.django import app

from silian.kernel.search import services


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="search.reindex_everything")
def reindex_everything(timestamp: int) -> None:
    for kind in services.kinds.values():
        services.reindex(kind.model)
