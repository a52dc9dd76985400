"""The table of the cache, without a journal: what a crash empties of it, nobody misses."""

from django.core.management.commands import createcachetable
from django.db import connections


class Command(createcachetable.Command):
    def create_table(self, database: str, tablename: str, dry_run: bool) -> None:
        super().create_table(database, tablename, dry_run)
        if not dry_run:
            connection = connections[database]
            with connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE {connection.ops.quote_name(tablename)} SET UNLOGGED")
