"""The workbooks we hand out: the template, and a file with its errors beside the rows."""

import csv
import io
from collections import defaultdict
from typing import Any

import xlsxwriter
from django import forms
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from silian.kernel.sheets import cells
from silian.kernel.sheets.checking import Problem, columns_in
from silian.kernel.sheets.reading import Grid
from silian.kernel.sheets.registry import Sheet

ROWS_TO_FILL = 5000  # rows of the template that have formats and drop-down lists
LIST_LENGTH = 255  # characters; what Excel takes as a drop-down list


def headers_of(form: forms.BaseForm) -> list[str]:
    """The headers in the reader's language, required ones with a star."""
    return [
        cells.label_of(name, field) + ("*" if field.required else "")
        for name, field in form.fields.items()
    ]


def columns_of(sheet: Sheet[Any], form: forms.BaseForm) -> list[dict[str, Any]]:
    """What each column means: header, duty, explanation, allowed values, an example."""
    return [
        {
            "label": cells.label_of(name, field),
            "required": field.required,
            "help": field.help_text,
            "choices": choices_of(field),
            "example": example_of(sheet, name, field),
        }
        for name, field in form.fields.items()
    ]


def choices_of(field: forms.Field) -> list[str]:
    """What a cell of this column may say, where the list is closed."""
    if isinstance(field, forms.BooleanField):
        return [str(cells.YES), str(cells.NO)]
    return [str(label) for _code, label in cells.choices_in(field)]


def example_of(sheet: Sheet[Any], name: str, field: forms.Field) -> str:
    value = sheet.examples.get(name, "")
    if labels := dict(cells.choices_in(field)):
        chosen = value if isinstance(value, list | tuple) else [value]
        return "、".join(str(labels.get(str(code), code)) for code in chosen)
    return cells.shown(value)


def template_csv(sheet: Sheet[Any], form: forms.BaseForm) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(headers_of(form))
    if sheet.examples:
        lines.writerow([example_of(sheet, name, field) for name, field in form.fields.items()])
    return text.getvalue().encode("utf-8-sig")  # the mark tells Excel that it is UTF-8


def template_xlsx(sheet: Sheet[Any], form: forms.BaseForm) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet(_("Data"))
        page.freeze_panes(1, 0)
        text = book.add_format({"num_format": "@"})
        head, must = header_formats(book)
        for index, (name, field) in enumerate(form.fields.items()):
            header = headers_of(form)[index]
            page.set_column(index, index, width_of(header), text)
            page.write_string(0, index, header, must if field.required else head)
            if field.help_text:
                page.write_comment(0, index, str(field.help_text))
            if sheet.examples:
                page.write_string(1, index, example_of(sheet, name, field))
            offer_choices(page, index, choices_of(field))
        write_notes(book, sheet, form, head)
    return content.getvalue()


def header_formats(book: xlsxwriter.Workbook) -> tuple[Format, Format]:
    plain = {"bold": True, "bg_color": "#E6EEF8", "border": 1, "border_color": "#B9C6D8"}
    return book.add_format(plain), book.add_format(plain | {"font_color": "#B42318"})


def width_of(header: str) -> int:
    """A Chinese character is two columns wide."""
    return min(40, max(12, sum(1 + (ord(sign) > 0x2E7F) for sign in header) + 4))


def offer_choices(page: Worksheet, index: int, choices: list[str]) -> None:
    """A drop-down list, where Excel can hold it; the notes list the values anyway."""
    if choices and len(",".join(choices)) <= LIST_LENGTH and not any("," in c for c in choices):
        options = {"validate": "list", "source": choices, "error_type": "warning"}
        page.data_validation(1, index, ROWS_TO_FILL, index, options)


def write_notes(
    book: xlsxwriter.Workbook, sheet: Sheet[Any], form: forms.BaseForm, head: Format
) -> None:
    page = book.add_worksheet(_("Notes"))
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 24, wrapped)
    page.set_column(1, 1, 10, wrapped)
    page.set_column(2, 4, 40, wrapped)
    titles = [_("Column"), _("Required"), _("Explanation"), _("Allowed values"), _("Example")]
    page.write_row(0, 0, titles, head)
    for line, column in enumerate(columns_of(sheet, form), start=1):
        required = cells.YES if column["required"] else cells.NO
        allowed = "\n".join(column["choices"])
        texts = [column["label"], required, column["help"], allowed, column["example"]]
        for index, said in enumerate(texts):
            page.write_string(line, index, str(said))


def with_errors(grid: Grid, problems: list[Problem], form: forms.BaseForm) -> bytes:
    """The file as it came, with what is wrong in a first column of each row; numbers of people
    are masked.
    """
    head, names = columns_in(grid, form)
    by_row: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        field = form.fields.get(problem.field)
        label = f"{cells.label_of(problem.field, field)}: " if field else ""
        by_row[problem.row].append(label + problem.message)
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet(_("Data"))
        red = book.add_format({"font_color": "#B42318", "text_wrap": True, "valign": "top"})
        page.set_column(0, 0, 50, red)
        page.set_column(1, max(map(len, grid.rows), default=1), 18)
        first = min(by_row, default=1)
        for index, row in enumerate(grid.rows):
            said = "\n".join(by_row[index + 1]) if index + 1 in by_row else ""
            page.write_string(index, 0, said, red)
            for column, cell in enumerate(row, start=1):
                named = form.fields.get(names.get(column - 1, "")) if index > head else None
                page.write_string(index, column, cells.displayed(cell, named))
        page.set_selection(first - 1, 0, first - 1, 0)
    return content.getvalue()
