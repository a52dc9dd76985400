import pytest
from django.db import connection


@pytest.fixture
def queue(transactional_db: None) -> None:
    """An empty queue in real transactions; Django's own cleaning leaves its tables alone."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
