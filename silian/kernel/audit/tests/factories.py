from django.db import connection

from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry
from silian.kernel.audit.services import record


def make_entries(number: int, by: User | None = None) -> list[Entry]:
    """So many entries, chained as a commit would have done."""
    by = by or make_user()
    entries = [record(by, "Something happened", by=by, number=n) for n in range(number)]
    chain()
    return entries


def chain() -> None:
    """Do now what waits for the commit, which a test that is rolled back never reaches."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def tamper(statement: str, *values: object) -> None:
    """What somebody who owns the database can do: change rows behind the triggers' back."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
