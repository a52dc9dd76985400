"""What benchmarks of one process have in common: a database, and nothing that is left behind."""

import argparse
import io
import os
from collections.abc import Callable

from silian.config.database import ensure_database


def rolled_back(measure: Callable[[int], None], *, about: str, rows: int) -> None:
    """Run ``measure`` over ``--rows`` in a transaction that is rolled back at the end."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--rows", type=int, default=rows)
    asked = parser.parse_args().rows
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "silian.config.settings")
    ensure_database()
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_codes", stdout=io.StringIO())
    with transaction.atomic():
        measure(asked)
        transaction.set_rollback(True)
