"""What differs between two editions of one standard: texts, units, hours, credits, skills."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from silian.education.standards.figures import units_of
from silian.education.standards.models import Edition, Unit
from silian.education.standards.sections import SectionKind, sections_of

Change = tuple[str, object, object]  # what, before, after


@dataclass(frozen=True)
class Text:
    """One section in both editions."""

    kind: SectionKind
    old: str
    new: str

    @property
    def changed(self) -> bool:
        return self.old.strip() != self.new.strip()


@dataclass(frozen=True)
class Row:
    """One unit that is new, gone or different."""

    title: str
    status: str  # added, removed, changed
    changes: list[Change]

    @property
    def label(self) -> str:
        return {"added": _("new"), "removed": _("gone"), "changed": _("different")}[self.status]


def texts(old: Edition, new: Edition) -> list[Text]:
    before = {kind.key: said.text if said else "" for kind, said in sections_of(old)}
    return [
        Text(kind, before.get(kind.key, ""), said.text if said else "")
        for kind, said in sections_of(new)
    ]


def totals(old: Edition, new: Edition) -> list[Change]:
    pairs = [
        (_("total hours"), old.hours, new.hours),
        (_("total credits"), old.credits, new.credits),
    ]
    return [pair for pair in pairs if pair[1] != pair[2]]


def units(old: Edition, new: Edition) -> list[Row]:
    """The units that differ, in the order of the newer edition; those that are gone come last."""
    before = {unit.line: unit for unit in units_of(old)}
    found = []
    for unit in units_of(new):
        was = before.pop(unit.line, None)
        if was is None:
            found.append(Row(unit.title, "added", list(_facts(None, unit))))
        elif changes := list(_facts(was, unit)):
            found.append(Row(unit.title, "changed", changes))
    gone = [Row(unit.title, "removed", list(_facts(unit, None))) for unit in before.values()]
    return found + gone


def _facts(old: Unit | None, new: Unit | None) -> Iterator[Change]:
    before, after = _described(old), _described(new)
    for label in after or before:
        pair = before.get(label, ""), after.get(label, "")
        if pair[0] != pair[1]:
            yield label, *pair


def _described(unit: Unit | None) -> dict[str, object]:
    if unit is None:
        return {}
    skills = sorted(f"{row.skill.name}({row.get_level_display()})" for row in unit.taught.all())
    return {
        _("Title"): unit.title,
        _("Theory"): unit.theory_hours,
        _("Practice"): unit.practice_hours,
        _("Credits"): unit.credits,
        _("part of the plan"): unit.get_part_display(),
        _("term"): unit.term or "",
        _("Skills"): "、".join(skills),
        _("Content"): unit.text,
    }
