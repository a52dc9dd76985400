"""What benchmarks of one process have in common: a database, and nothing that is left behind."""

import argparse
import io
import os
import resource
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import xlsxwriter

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


def timed(label: str, work: Callable[[], Any], each: int = 0) -> tuple[Any, float]:
    """Do it, and print how long it took, for each of so many, and the memory it has come to."""
    begin = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    per = f"  {seconds / each * 1000:7.2f} ms each" if each else ""
    print(f"{label:40} {seconds:7.2f} s{per}   peak {memory:.0f} MB")
    return result, seconds


def workbook(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A spreadsheet as somebody might bring it."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, headers)
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, row)
    return content.getvalue()
