"""Polls whose time is up are closed, and what is left of their urns is swept away."""

import logging
import time

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from silian.governance.ballots.models import Poll, Urn
from silian.governance.ballots.services import CountMismatch, close_poll
from silian.kernel import clock
from silian.kernel.states import IllegalMove

logger = logging.getLogger(__name__)
PATIENCE = 20  # seconds
OLDER = """SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND age(backend_xmin) > age(%s::xid))"""


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


class StillSeen(Exception):
    """A transaction from before the closing could still read what is to be swept away."""


@app.task(retry=RetryStrategy(max_attempts=60, wait=60))
def sweep() -> None:
    """Have PostgreSQL write the table of urns anew, without the rows of those that are gone.

    Every ballot cast left an older version of its urn's row behind, encrypted and invisible. It
    goes only when nobody's transaction is older than the closing: wait for those, or try again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        (now,) = cursor.fetchone()
        for _second in range(PATIENCE):
            cursor.execute(OLDER, [now])
            if not cursor.fetchone()[0]:
                break
            time.sleep(1)
        else:
            raise StillSeen
        cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(Urn._meta.db_table)}")
