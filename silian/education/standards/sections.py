"""Which sections a plan or course standard has: the data of sections.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from silian.education.standards.models import Edition, Section
from silian.kernel.bilingual import Bilingual


@dataclass(frozen=True)
class SectionKind:
    """One section as sections.toml describes it."""

    key: str
    name_zh: str
    name_en: str
    help_zh: str
    help_en: str
    needed: bool  # before an edition is handed in
    name = Bilingual()
    help = Bilingual()


@cache
def shipped() -> dict[str, tuple[SectionKind, ...]]:
    facts = tomllib.loads(Path(__file__).with_suffix(".toml").read_text())
    return {
        kind: tuple(
            SectionKind(
                key=row["key"],
                name_zh=row["zh"],
                name_en=row["en"],
                help_zh=row["help_zh"],
                help_en=row["help_en"],
                needed=row["needed"],
            )
            for row in rows
        )
        for kind, rows in facts.items()
    }


def sections_of(edition: Edition) -> list[tuple[SectionKind, Section | None]]:
    """Every section that ``edition`` can have, in order, with what it says so far."""
    written = {section.kind: section for section in edition.sections.select_related("by")}
    return [(kind, written.get(kind.key)) for kind in shipped()[edition.standard.kind]]


def section_kind(edition: Edition, key: str) -> SectionKind | None:
    return next((kind for kind in shipped()[edition.standard.kind] if kind.key == key), None)


def unwritten(edition: Edition) -> list[SectionKind]:
    """The sections that must say something and do not yet."""
    rows = sections_of(edition)
    return [k for k, said in rows if k.needed and not (said and said.text.strip())]
