"""The dry run: every row of a file read, and every reason why it cannot be imported found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from silian.kernel.codes.checks import without_numbers
from silian.kernel.sheets import cells
from silian.kernel.sheets.reading import Cell, Grid, Unreadable
from silian.kernel.sheets.registry import Progress, Row, Sheet

HEADER_WITHIN = 10  # rows; titles may stand above the headers
TELL_EVERY = 500  # rows


@dataclass(frozen=True)
class Problem:
    """Why one cell, one row (``field`` empty) or the headers cannot be imported."""

    row: int  # as the spreadsheet counts, from 1
    field: str
    value: str
    message: str


@dataclass
class Findings:
    """What a dry run found."""

    total: int = 0  # rows with data
    rows: list[Row] = field(default_factory=list)  # the good ones
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    outlook: list[str] = field(default_factory=list)  # what the import will do
    fields: Mapping[str, forms.Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Headers:
    """Which column holds which field."""

    row: int  # index into the grid
    columns: dict[str, int]
    problems: list[Problem]
    unknown: list[str]


def examine(
    sheet: Sheet[Any], scope: Any, grid: Grid, progress: Progress = lambda done: None
) -> Findings:
    """Read all rows through the sheet's form, then let the sheet compare them."""
    form = sheet.form(scope)
    headers = find_headers(grid, form)
    found = Findings(
        problems=list(headers.problems), warnings=warnings_about(headers), fields=form.fields
    )
    reader = RowReader(form, headers.columns, sheet.examples)
    for number, line in data_rows(grid, headers, found):
        found.total += reader.read(number, line, found)
        if found.total % TELL_EVERY == 0:
            progress(found.total)
    if headers.problems:
        found.rows, found.problems = [], headers.problems  # the rows only repeat them
    elif not found.total:
        nothing = _("There are no rows below the headers.")
        found.problems.append(Problem(headers.row + 1, "", "", nothing))
    compare(sheet, scope, found, lambda row, name: reader.shown(grid.rows[row - 1], name))
    return found


def compare(
    sheet: Sheet[Any], scope: Any, found: Findings, value_of: Callable[[int, str], str]
) -> None:
    """What the sheet finds wrong across rows; such rows are no longer good."""
    more = [
        Problem(number, name, value_of(number, name), str(message))
        for number, name, message in sheet.check(found.rows, scope)
    ]
    bad = {problem.row for problem in more}
    found.rows = [row for row in found.rows if row.number not in bad]
    found.problems = sorted(found.problems + more, key=lambda problem: problem.row)
    found.outlook = list(sheet.outlook(found.rows, scope))


def find_headers(grid: Grid, form: forms.BaseForm) -> Headers:
    """The row in which most columns are known by a label in any language, or by field name."""
    meanings: dict[str, str] = {}
    for name, column in form.fields.items():
        for key in {*cells.in_each_language(column.label or name), cells.key_of(name)}:
            meanings.setdefault(key, name)
    candidates = [
        [meanings.get(cells.key_of(cell), "") for cell in row] for row in grid.rows[:HEADER_WITHIN]
    ]
    best = max(range(len(candidates)), key=lambda i: len(set(candidates[i])), default=None)
    if best is None or not any(candidates[best]):
        raise Unreadable(
            _("No headers were found. Begin with the template and keep its first row.")
        )
    names = candidates[best]
    unknown = [
        cells.displayed(cell, None)
        for cell, name in zip(grid.rows[best], names, strict=True)
        if not name
    ]
    return Headers(
        row=best,
        columns={name: names.index(name) for name in form.fields if name in names},
        problems=header_problems(best + 1, names, form),
        unknown=[text for text in unknown if text],
    )


def columns_in(grid: Grid, form: forms.BaseForm) -> tuple[int, dict[int, str]]:
    """The row of the headers, and which field each column holds; none where none are found."""
    try:
        found = find_headers(grid, form)
    except Unreadable:
        return 0, {}
    return found.row, {index: name for name, index in found.columns.items()}


def header_problems(number: int, names: list[str], form: forms.BaseForm) -> list[Problem]:
    found = []
    for name, column in form.fields.items():
        label = cells.label_of(name, column)
        if names.count(name) > 1:
            found.append(Problem(number, name, label, _("Two columns have this header.")))
        elif column.required and name not in names:
            found.append(Problem(number, name, label, _("This column is missing.")))
    return found


def warnings_about(headers: Headers) -> list[str]:
    if not headers.unknown:
        return []
    listed = "、".join(headers.unknown)
    return [_("Columns that are not known here were left out: %(columns)s") % {"columns": listed}]


def data_rows(grid: Grid, headers: Headers, found: Findings) -> list[tuple[int, list[Cell]]]:
    """The rows below the headers with their numbers, without blank ones and merged headings."""
    merged = [i for i in grid.banners if headers.row < i < len(grid.rows) and any(grid.rows[i])]
    if merged:
        listed = "、".join(str(index + 1) for index in sorted(merged))
        found.warnings.append(_("Merged rows were left out: %(rows)s") % {"rows": listed})
    return [
        (index + 1, row)
        for index, row in enumerate(grid.rows)
        if index > headers.row
        and index not in grid.banners
        and any(cells.shown(cell) for cell in row)
    ]


class RowReader:
    """Reads row after row through one form: building a form for each takes ten times as long."""

    def __init__(
        self, form: forms.BaseForm, columns: dict[str, int], examples: Mapping[str, Any]
    ) -> None:
        self.form, self.columns = form, columns
        self.form.is_bound = True
        self.converters = {name: cells.converter(form.fields[name]) for name in columns}
        self.example = {
            name: convert(examples.get(name, "")) for name, convert in self.converters.items()
        }

    def read(self, number: int, line: list[Cell], found: Findings) -> bool:
        """Add the row, or its problems, to ``found``; False where it is the template's example."""
        data, problems = self.convert(number, line)
        if data == self.example:
            return False
        refused = {problem.field for problem in problems}
        problems += [
            self.problem(number, line, name, message)
            for name, message in self.errors_of(data)
            if name not in refused
        ]
        if problems:
            found.problems += problems
        else:
            found.rows.append(Row(number, dict(self.form.cleaned_data)))
        return True

    def convert(self, number: int, line: list[Cell]) -> tuple[dict[str, Any], list[Problem]]:
        data, problems = {}, []
        for name, convert in self.converters.items():
            try:
                data[name] = convert(self.cell(line, name))
            except ValidationError as error:
                problems.append(self.problem(number, line, name, error.messages[0]))
        return data, problems

    def errors_of(self, data: dict[str, Any]) -> list[tuple[str, str]]:
        self.form.data = data
        self.form.full_clean()
        return [
            ("" if name == NON_FIELD_ERRORS else name, str(message))
            for name, messages in self.form.errors.items()
            for message in messages
        ]

    def problem(self, number: int, line: list[Cell], name: str, message: str) -> Problem:
        return Problem(number, name, self.shown(line, name), without_numbers(message))

    def shown(self, line: list[Cell], name: str) -> str:
        if name not in self.columns:
            return ""
        return cells.displayed(self.cell(line, name), self.form.fields[name])

    def cell(self, line: list[Cell], name: str) -> Cell:
        index = self.columns[name]
        return line[index] if index < len(line) else ""
