"""Times the import of many items from a spreadsheet, step by step, and says the memory it takes.

Run from the project's root:  python -m benchmarks.items [--rows 50000]
It works in a transaction that is rolled back at the end, on the database of DATABASE_URL (or the
embedded one), and leaves nothing behind.
"""

from typing import Any

from benchmarks.running import rolled_back, timed, workbook

LIMIT = 120  # seconds for all of it, in a job with progress
KINDS = ("single", "multiple", "truefalse", "number", "blank")


def row_of(number: int, occupation: str) -> dict[str, Any]:
    """One item after another, of five kinds in turn."""
    kind = KINDS[number % len(KINDS)]
    row = {"kind": kind, "text_zh": f"第{number}题：下列说法中正确的是哪一项？"}
    row |= {"occupation": occupation, "level": "3", "difficulty": str(1 + number % 5)}
    if kind in ("single", "multiple"):
        row |= {f"choice_{mark}": f"选项{mark}{number}" for mark in "abcd"}
    if kind == "blank":
        row["text_zh"] = f"第{number}题：主轴转速为____。"
    answers = {"single": "B", "multiple": "AC", "truefalse": "对", "number": f"{number}"}
    return row | {"answer": answers.get(kind, "1200|1 200")}


def measure(rows: int) -> None:
    from silian.education.banks.models import Bank  # noqa: PLC0415
    from silian.education.items.models import Version  # noqa: PLC0415
    from silian.governance.consortia.models import Consortium  # noqa: PLC0415
    from silian.kernel.accounts.models import User  # noqa: PLC0415
    from silian.kernel.codes.models import Code, CodeList  # noqa: PLC0415
    from silian.kernel.sheets import cells  # noqa: PLC0415
    from silian.kernel.sheets.checking import examine  # noqa: PLC0415
    from silian.kernel.sheets.reading import read  # noqa: PLC0415
    from silian.kernel.sheets.registry import sheet_named  # noqa: PLC0415

    sheet = sheet_named("exchange.items")
    assert sheet
    occupation = Code.objects.current(CodeList.Kind.OCCUPATION).order_by("-level").first()
    if occupation is None:
        raise SystemExit("Load the codes first: silian load_codes")
    body = Consortium.objects.create(slug="benchmark", kind="municipal", name_zh="测量用")
    bank = Bank.objects.create(consortium=body, name_zh="测量用题库")
    by = User.objects.create(username="benchmark", name="benchmark")
    fields = sheet.form(bank).fields
    headers = [cells.label_of(*pair) for pair in fields.items()]
    made = (row_of(number, occupation.code) for number in range(1, rows + 1))
    content = workbook(headers, ([row.get(name, "") for name in fields] for row in made))
    print(f"{rows} items, {len(headers)} columns, {len(content) / 1e6:.1f} MB")

    grid, first = timed("read the file", lambda: read(content))
    found, second = timed("dry run", lambda: examine(sheet, bank, grid))
    assert len(found.rows) == rows and not found.problems, found.problems[:3]
    saved = lambda: sheet.save(found.rows, bank, by=by, progress=lambda done: None)  # noqa: E731
    count, third = timed("save", saved)
    assert count == Version.objects.filter(item__bank=bank).count() == rows
    total = first + second + third
    print(f"{'all of it':40} {total:7.2f} s   {rows / total:.0f} items a second")
    assert total < LIMIT, f"more than {LIMIT} s"


if __name__ == "__main__":
    rolled_back(measure, about=__doc__, rows=50_000)
