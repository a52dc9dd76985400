"""From an uploaded file to rows of cells, whatever program wrote it."""

import csv
import io
import zipfile
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    PasswordError,
    SheetVisibleEnum,
    load_workbook,
)

ROW_LIMIT = 100_000
COLUMN_LIMIT = 200
UNPACKED_LIMIT = 500 * 1024 * 1024  # bytes; a small archive can hide a very large sheet
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # xlsx and ods; xls

Cell = Any  # str, float, bool, date, datetime, time or timedelta; "" where empty


class Unreadable(Exception):
    """The file is no table we can read; the text tells its owner why."""


@dataclass(frozen=True)
class Grid:
    """The cells of one worksheet. ``banners`` are rows that hold one merged heading."""

    rows: list[list[Cell]]
    banners: set[int] = field(default_factory=set)


def read(content: bytes) -> Grid:
    """The first visible worksheet of a workbook, or the rows of a CSV file."""
    grid = read_workbook(content) if content.startswith(WORKBOOKS) else read_csv(content)
    if len(grid.rows) > ROW_LIMIT or max(map(len, grid.rows), default=0) > COLUMN_LIMIT:
        raise Unreadable(
            _("The sheet has more than %(rows)d rows or %(columns)d columns.")
            % {"rows": ROW_LIMIT, "columns": COLUMN_LIMIT}
        )
    return grid


def read_workbook(content: bytes) -> Grid:
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_LIMIT:
                    raise Unreadable(_("The file is too large once unpacked."))
        book = load_workbook(io.BytesIO(content))
        visible = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
        if not visible:
            raise Unreadable(_("The file has no visible worksheet."))
        return read_worksheet(book.get_sheet_by_name(visible[0]))
    except PasswordError:
        raise Unreadable(_("The file is protected by a password. Save it without one.")) from None
    except (CalamineError, zipfile.BadZipFile):
        raise Unreadable(_("The file is damaged, or is not a spreadsheet.")) from None


def read_worksheet(sheet: CalamineSheet) -> Grid:
    """All cells from A1 on. A cell merged downwards counts for each row it covers."""
    rows = sheet.to_python(skip_empty_area=False)
    banners: set[int] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if right > left:
            banners.update(range(top, bottom + 1))
        elif top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    return Grid(rows, banners)


def read_csv(content: bytes) -> Grid:
    text = decode(content)
    if "\0" in text:
        raise Unreadable(_("The file is damaged, or is not a spreadsheet."))
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    try:
        return Grid([list(row) for row in csv.reader(io.StringIO(text, ""), delimiter=delimiter)])
    except csv.Error:
        raise Unreadable(_("The file is damaged, or is not a spreadsheet.")) from None


def decode(content: bytes) -> str:
    """UTF-8, or what Excel on a Chinese computer writes instead."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The text is neither UTF-8 nor GB 18030. Save the file as xlsx."))
