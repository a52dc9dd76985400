"""A new installation and one that grew step by step have the same schema."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

KINDS = {
    "columns": """SELECT table_name, column_name, data_type, is_nullable, column_default,
        character_maximum_length, numeric_precision, numeric_scale, is_identity
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal""",
    "functions": """SELECT proname, prosrc FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace""",
    "migrations": "SELECT app, name FROM django_migrations",
}


@pytest.fixture
def stepwise(db: None) -> Iterator[str]:
    """The address of a second database, brought up by one migration after the other."""
    name = f"{connection.settings_dict['NAME']}_stepwise"
    here = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    here.execute(f"DROP DATABASE IF EXISTS {name}".encode())
    here.execute(f"CREATE DATABASE {name}".encode())
    address = os.environ["DATABASE_URL"].replace("/silian", f"/{name}")
    silian = [sys.executable, "-m", "silian.config.cli"]
    env = {**os.environ, "DATABASE_URL": address}
    try:
        subprocess.run([*silian, "migrate", "--stepwise", "-v", "0"], env=env, check=True)
        subprocess.run([*silian, "createcachetable"], env=env, check=True)
        yield address
    finally:
        here.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_an_empty_database_gets_what_the_migrations_lead_to(stepwise: str) -> None:
    with psycopg.connect(stepwise) as other, connection.cursor() as cursor:
        for kind, query in KINDS.items():
            grown = set(other.execute(query.encode()).fetchall())
            cursor.execute(query)
            made = set(cursor.fetchall())
            assert made == grown, kind
            assert len(made) > 20, kind
