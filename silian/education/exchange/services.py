"""Reading files of items, taking in what they hold, and writing them."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_noop

from silian.education.banks.models import Bank
from silian.education.exchange import cells
from silian.education.exchange.models import Arrival
from silian.education.formats.reading import Found, Question
from silian.education.formats.registry import FORMATS
from silian.education.items.entering import Entry, enter_items
from silian.education.items.models import Tested, Version
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import move

State = Arrival.State
SHEET = "sheet"


@dataclass(frozen=True)
class Outgoing:
    """What a file will hold, and what it cannot: item and reason."""

    questions: list[Question]
    versions: list[Version]
    left_out: list[tuple[Version, str]]


@transaction.atomic
def keep_arrival(arrival: Arrival, found: Found, *, by: User) -> Arrival:
    """What was found, until its author takes it in."""
    arrival.questions = [
        {"content": one.content, "key": one.key, "explanation": list(one.explanation)}
        for one in found.questions
    ]
    arrival.count = len(found.questions)
    arrival.refused = [list(pair) for pair in found.refused]
    arrival.losses = [list(pair) for pair in found.losses]
    arrival.by = by
    arrival.save()
    record(arrival, gettext_noop("File of items read"), by=by, found=arrival.count)
    return arrival


@transaction.atomic
def take_in(arrival: Arrival, *, by: User) -> int:
    """Every question that was found becomes a draft; twice is refused."""
    questions: list[dict[str, Any]] = arrival.questions
    move(arrival, State.TAKEN, by=by, questions=[])
    entries = [
        Entry(
            content=one["content"],
            key=one["key"],
            occupation=arrival.occupation,
            level=arrival.level,
            difficulty=arrival.difficulty,
            explanation_zh=one["explanation"][0],
            explanation_en=one["explanation"][1],
        )
        for one in questions
    ]
    return len(enter_items(arrival.bank, entries, by=by))


def outgoing(versions: QuerySet[Version], name: str) -> Outgoing:
    """What a file in the format ``name`` can hold of ``versions``."""
    holds = sheet_holds if name == SHEET else FORMATS[name].holds
    tested = Prefetch("item__tested", Tested.objects.select_related("skill"))
    questions, kept, left_out = [], [], []
    for version in versions.prefetch_related(None).prefetch_related(tested):
        explained = version.explanation_zh, version.explanation_en
        one = Question(str(version.item), version.content, version.key, explained)
        if reason := holds(one):
            left_out.append((version, reason))
        else:
            questions.append(one)
            kept.append(version)
    return Outgoing(questions, kept, left_out)


@transaction.atomic
def write_out(bank: Bank, leaving: Outgoing, name: str, heads: Sequence[str], *, by: User) -> bytes:
    """The file; that it left is kept in the record."""
    record(bank, gettext_noop("Items exported"), by=by, format=name, number=len(leaving.questions))
    if name == SHEET:
        return write_rows(heads, [_row(version) for version in leaving.versions])
    return FORMATS[name].write(leaving.questions)


def _row(version: Version) -> list[str]:
    """In the order of ``imports.ItemRow``."""
    item = version.item
    found = cells.row_of(version.content, version.key) | {
        "kind": str(version.get_kind_display()),
        "occupation": item.occupation.code,
        "level": str(item.get_level_display()),
        "difficulty": str(item.get_difficulty_display()),
        "skills": "、".join(tested.skill.name_zh for tested in item.tested.all()),
        "explanation_zh": version.explanation_zh,
        "explanation_en": version.explanation_en,
    }
    return [found[name] for name in cells.COLUMN_ORDER]


def sheet_holds(one: Question) -> str:
    return cells.holds(one.content, one.key)


def write_rows(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook with the headers of the template."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    for number, row in enumerate([heads, *rows]):
        page.write_row(number, 0, row)
    book.close()
    return content.getvalue()
