"""Polls whose time is up are closed, and what is left of their urns is swept away."""

import logging

from django.db import connection, transaction
from procrastinate.contrib.django import app

from silian.governance.ballots.models import Poll, Urn
from silian.governance.ballots.services import CountMismatch, close_poll
from silian.kernel import clock
from silian.kernel.states import IllegalMove

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="ballots.close_overdue")
def close_overdue(timestamp: int) -> None:
    """Close each poll whose hours are over; one that does not add up keeps no other open."""
    for poll in Poll.objects.filter(state=Poll.State.OPEN, closes_at__lte=clock.now()):
        try:
            close_poll(poll, by=None)
        except IllegalMove:
            continue  # somebody else was faster
        except CountMismatch:
            logger.exception("a ballot does not add up")


@app.task
def sweep() -> None:
    """Write the table of urns into a new file, without what PostgreSQL kept of those that are gone.

    Every ballot cast left an older version of its urn's row behind, encrypted and invisible. VACUUM
    keeps such versions for as long as any older transaction runs, in whichever database; emptying
    the table leaves none, and whoever is casting meanwhile waits for the moment that it takes.
    """
    table = connection.ops.quote_name(Urn._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        open_urns = list(Urn.objects.order_by("pk"))
        cursor.execute(f"TRUNCATE {table}")
        Urn.objects.bulk_create(open_urns)
