"""Bringing lists of codes in from CSV: those shipped under ``data/`` and anybody's own.

Columns: ``code`` and ``name_zh``; and, where the list has them, ``parent`` (a code), ``name_en``,
``marks``, and ``level``, which is counted along the parents where it is not given.
"""

import csv
import hashlib
import io
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.db import transaction

from silian.kernel import clock
from silian.kernel.codes.models import Code, CodeList

SHIPPED = Path(__file__).parent / "data"
COLUMNS = ("code", "parent", "name_zh", "name_en", "marks", "level")
REFRESHED = ("name_zh", "name_en", "parent", "level", "full_name_zh", "full_name_en", "marks")
DEEPEST = 4


class BadList(Exception):
    """The file is not a list of codes; one line for each fault, with its row."""


@dataclass(frozen=True)
class Origin:
    """Where a list comes from, and under what terms it may be used."""

    source_zh: str
    source_en: str
    licence: str


@dataclass
class Row:
    """One line of a file, later with what its parents tell of it."""

    number: int
    code: str
    parent: str
    name_zh: str
    name_en: str
    marks: str
    level: str
    above: "Row | None" = field(default=None, init=False)

    def path(self) -> list["Row"]:
        """From the top down to this row; cut off where the parents go round in a circle."""
        steps: list[Row] = [self]
        while steps[0].above and len(steps) <= DEEPEST:
            steps.insert(0, steps[0].above)
        return steps

    def depth(self) -> int:
        return int(self.level) if self.level else len(self.path())


def load_shipped() -> list[CodeList]:
    """Load every list under ``data/`` that is new or has changed, and return those."""
    known = {(found.kind, found.version): found for found in CodeList.objects.all()}
    loaded = []
    for entry in shipped():
        there = known.get((entry["kind"], entry["version"]))
        if there and (there.source_zh != entry["source_zh"] or there.sha256 == entry["sha256"]):
            continue  # somebody imported their own, or nothing has changed
        content = (SHIPPED / entry["file"]).read_bytes()
        origin = Origin(entry["source_zh"], entry["source_en"], entry["licence"])
        loaded.append(import_list(entry["kind"], entry["version"], content, origin))
    return loaded


def shipped() -> list[dict[str, str]]:
    """What ``data/sources.toml`` says of each shipped list."""
    entries: list[dict[str, str]] = tomllib.loads((SHIPPED / "sources.toml").read_text())["list"]
    return entries


@transaction.atomic
def import_list(kind: str, version: str, content: bytes, origin: Origin) -> CodeList:
    """Bring in one version of one list from CSV; a version that is new becomes the one in use.

    Where the version is known its names are refreshed and new codes added; codes that ``content``
    lacks stay, because rows elsewhere may point at them. Raises BadList.
    """
    rows = read(content)
    facts = asdict(origin) | {
        "sha256": hashlib.sha256(content).hexdigest(),
        "imported_at": clock.now(),
    }
    if not CodeList.objects.filter(kind=kind, version=version).exists():
        CodeList.objects.filter(kind=kind, current=True).update(current=False)
    codes, _is_new = CodeList.objects.update_or_create(kind=kind, version=version, defaults=facts)
    write(codes, rows)
    return codes


def read(content: bytes) -> list[Row]:
    """The rows of a CSV file, each joined to its parent. Raises BadList."""
    try:
        lines = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except UnicodeDecodeError:
        raise BadList("The file is not UTF-8 text.") from None
    if not lines or not {"code", "name_zh"} <= set(lines[0]):
        raise BadList("The file must have rows, and the columns code and name_zh.")
    rows = [
        Row(number, **{name: (line.get(name) or "").strip() for name in COLUMNS})
        for number, line in enumerate(lines, start=2)
    ]
    known = {row.code: row for row in rows}
    for row in rows:
        row.above = known.get(row.parent)
    faults = [f"Row {row.number}: {fault}" for row in rows for fault in faults_of(row, known)]
    if faults:
        raise BadList("\n".join(faults))
    return rows


def faults_of(row: Row, known: dict[str, Row]) -> list[str]:
    """What is wrong with ``row``, in words for whoever prepared the file."""
    faults = {
        "code is empty.": not row.code,
        "name_zh is empty.": not row.name_zh,
        f"{row.code} stands there twice.": known[row.code] is not row,
        f"parent {row.parent} is missing.": bool(row.parent) and not row.above,
        f"level {row.level} is not a number.": bool(row.level) and not row.level.isdigit(),
        f"{row.code} has more than {DEEPEST - 1} parents.": len(row.path()) > DEEPEST,
    }
    return [fault for fault, found in faults.items() if found]


def write(codes: CodeList, rows: list[Row]) -> None:
    """Insert or refresh ``rows``, parents first, one statement a level of the tree."""
    stored: dict[str, Code] = {}
    for depth in range(1, DEEPEST + 1):
        level = [make_code(codes, row, stored) for row in rows if len(row.path()) == depth]
        Code.objects.bulk_create(
            level,
            update_conflicts=True,
            unique_fields=["list", "code"],
            update_fields=[
                f.name for f in Code._meta.fields if f.name not in ("id", "list", "code")
            ],
        )
        stored |= {code.code: code for code in level}


def make_code(codes: CodeList, row: Row, stored: dict[str, Code]) -> Code:
    path = row.path()
    in_english = [step.name_en for step in reversed(path) if step.name_en]
    return Code(
        list=codes,
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        parent=stored.get(row.parent),
        level=row.depth(),
        full_name_zh=joint(codes).join(step.name_zh for step in path),
        full_name_en=", ".join(in_english) if row.name_en else "",
        marks=row.marks,
    )


def joint(codes: CodeList) -> str:
    """A county is written 浙江省温州市龙湾区; the names of other lists need a mark between them."""
    return "" if codes.kind == CodeList.Kind.REGION else " / "
