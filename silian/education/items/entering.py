"""Many items at once: from a sheet or from a file of another program."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.banks.models import Bank
from silian.education.items import services
from silian.education.items.models import Item, Tested, Version
from silian.education.questions.building import plain
from silian.education.questions.schema import Level
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.codes.models import Code

BATCH = 1000  # rows written at a time


@dataclass(frozen=True)
class Entry:
    """One item as it comes in."""

    content: dict[str, Any]
    key: Any
    occupation: Code
    level: str = Level.THREE
    difficulty: int = 3
    skills: Sequence[Skill] = field(default_factory=list)
    explanation_zh: str = ""
    explanation_en: str = ""


@transaction.atomic
def enter_items(
    bank: Bank,
    entries: Sequence[Entry],
    *,
    by: User,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Version]:
    """Add them as drafts of ``by``; all or none."""
    services.hold(bank)
    first = services.next_number(bank)
    versions: list[Version] = []
    for start in range(0, len(entries), BATCH):
        some = entries[start : start + BATCH]
        versions += _enter(bank, some, first + start, by)
        progress(start + len(some))
    record(bank, gettext_noop("Items entered"), by=by, number=len(entries))
    return versions


def _enter(bank: Bank, entries: Sequence[Entry], first: int, by: User) -> list[Version]:
    items = Item.objects.bulk_create(
        Item(
            bank=bank,
            number=number,
            occupation=entry.occupation,
            level=entry.level,
            difficulty=entry.difficulty,
        )
        for number, entry in enumerate(entries, first)
    )
    pairs = list(zip(items, entries, strict=True))
    Tested.objects.bulk_create(
        Tested(item=item, skill=skill) for item, entry in pairs for skill in entry.skills
    )
    return Version.objects.bulk_create(
        Version(
            item=item,
            kind=entry.content["kind"],
            content=entry.content,
            key=entry.key,
            text=plain(entry.content),
            explanation_zh=entry.explanation_zh,
            explanation_en=entry.explanation_en,
            by=by,
        )
        for item, entry in pairs
    )
