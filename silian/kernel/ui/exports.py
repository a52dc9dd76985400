"""All rows of a list as a file: typed cells for spreadsheets, plain text for everything else."""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django_tables2.rows import BoundRow

from silian.kernel import clock
from silian.kernel.ui.columns import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take the text for a formula
BOOK = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
CHUNK = 1000
WIDTH = 20  # characters; what a name needs


def exported(table: Table, form: str, name: str) -> HttpResponse | None:
    """The file that ``form`` asks for, or None where nobody knows such a form."""
    writers = {"xlsx": _xlsx, "csv": _csv}
    if form not in writers:
        return None
    response = writers[form](list(_header(table)), _rows(table))
    filename = f"{name}-{clock.today():%Y%m%d}.{form}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response


def _columns(table: Table) -> list[Any]:
    return [c for c in table.columns if not c.column.exclude_from_export]


def _header(table: Table) -> Iterator[str]:
    return (str(column.header) for column in _columns(table))


def _rows(table: Table) -> Iterator[list[Any]]:
    """Cells of every row, read from the database a thousand rows at a time."""
    names = [column.name for column in _columns(table)]
    data = table.data.data
    records = data.iterator(chunk_size=CHUNK) if isinstance(data, QuerySet) else data
    for record in records:
        row = BoundRow(record, table)
        yield [_plain(row.get_cell_value(name)) for name in names]


def _plain(value: Any) -> Any:
    """What a cell can hold: numbers, days and moments as such, everything else as text."""
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.replace(tzinfo=None)
    if value is None or isinstance(value, bool | int | float | Decimal | date | time):
        return value
    return str(value)


def _xlsx(header: list[str], rows: Iterable[list[Any]]) -> HttpResponse:
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, BOOK) as book:
            _fill(book, header, rows)
        file.seek(0)
        return HttpResponse(file.read(), content_type=XLSX)


def _fill(book: Any, header: list[str], rows: Iterable[list[Any]]) -> None:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(header) - 1, 0), WIDTH)
    sheet.write_row(0, 0, header, book.add_format({"bold": True}))
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            sheet.write(number, column, value, moment if isinstance(value, datetime) else None)


def _csv(header: list[str], rows: Iterable[list[Any]]) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # Excel asks for it
    writer = csv.writer(response)
    writer.writerow(header)
    writer.writerows([_defused(value) for value in row] for row in rows)
    return response


def _defused(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS) else value
