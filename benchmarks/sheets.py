"""Times an import of many rows beside the time to read its file once, and beside a form a row.

Run from the project's root:  python -m benchmarks.sheets [--rows 26000]
It works in a transaction that is rolled back at the end, on the database of DATABASE_URL (or the
embedded one), and leaves nothing behind.
"""

import io
import resource
import time
from collections.abc import Callable
from typing import Any

import xlsxwriter

from benchmarks.running import rolled_back

SAMPLE = 200  # rows for the slow way, which looks up the programmes for each


def workbook(rows: int, headers: list[str], programme: str) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, headers)
        for index in range(1, rows + 1):
            line = [f"2025{index:06}", f"学生{index}", programme, f"机电{index % 40}", 2025, 2028]
            page.write_row(index, 0, [*line, 60 + index % 40, f"s{index}@example.org", ""])
    return content.getvalue()


def timed(label: str, work: Callable[[], Any], unit: float | None = None) -> tuple[Any, float]:
    begin = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - begin
    times = f"  {seconds / unit:6.1f} × reading" if unit else ""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{label:34} {seconds:7.2f} s{times}   peak {memory:.0f} MB")
    return result, seconds


def measure(rows: int) -> None:
    from silian.governance.members.models import Organisation  # noqa: PLC0415
    from silian.kernel.accounts.models import User  # noqa: PLC0415
    from silian.kernel.codes.models import Code, CodeList  # noqa: PLC0415
    from silian.kernel.sheets import cells  # noqa: PLC0415
    from silian.kernel.sheets.checking import examine, find_headers  # noqa: PLC0415
    from silian.kernel.sheets.reading import read  # noqa: PLC0415
    from silian.kernel.sheets.registry import sheet_named  # noqa: PLC0415

    sheet = sheet_named("profiles.students")
    assert sheet
    programme = Code.objects.current(CodeList.Kind.PROGRAMME).order_by("-level").first()
    if programme is None:
        raise SystemExit("Load the codes first: silian load_codes")
    school = Organisation.objects.create(kind="college", name_zh="测量用学校")
    by = User.objects.create(username="benchmark", name="benchmark")
    headers = [cells.label_of(*pair) for pair in sheet.form(school).fields.items()]
    content = workbook(rows, headers, programme.code)
    print(f"{rows} rows, {len(headers)} columns, {len(content) / 1e6:.1f} MB")

    grid, unit = timed("read the file", lambda: read(content))
    found, _seconds = timed("dry run", lambda: examine(sheet, school, grid), unit)
    assert len(found.rows) == rows and not found.problems
    timed("save", lambda: sheet.save(found.rows, school, by=by, progress=lambda done: None), unit)

    columns = find_headers(grid, sheet.form(school)).columns
    lines = [
        {name: cells.shown(row[index]) for name, index in columns.items()}
        for row in grid.rows[1 : SAMPLE + 1]
    ]
    _result, one = timed(
        f"a form a row ({SAMPLE} rows)",
        lambda: [sheet.row_form(line).is_valid() for line in lines],
    )
    print(f"{'that is, for all rows':34} {one * rows / SAMPLE:7.2f} s")


if __name__ == "__main__":
    rolled_back(measure, about=__doc__, rows=26_000)
