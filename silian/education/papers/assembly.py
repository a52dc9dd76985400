"""From a blueprint to a paper: which items, in which form, and why it cannot be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.items.history import seen_by
from silian.education.items.models import Item, Version
from silian.education.papers.models import Blueprint, Cell, Form, Line, Paper, Section
from silian.engines import assembling
from silian.engines.assembling import Assembly, Candidate
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record

TOLERANCE = 0.02  # how far the mean difficulties of two forms may be from each other
MONTH = 30.44  # days


@dataclass(frozen=True)
class Stock:
    """How many items fit a line, and how many it needs."""

    cell: Cell
    needed: int
    available: int

    @property
    def enough(self) -> bool:
        return self.available >= self.needed


def stock_of(blueprint: Blueprint, *, forms: int = 1, group: str = "") -> list[Stock]:
    """Line by line; lines that compete for the same items can still lack some together."""
    bank = _candidates(blueprint, _excluded(blueprint, group))
    cells = list(blueprint.cells.select_related("skill"))
    return [Stock(cell, cell.count * forms, sum(map(_as_cell(cell).takes, bank))) for cell in cells]


@transaction.atomic
def assemble_paper(paper: Paper, *, forms: int, seed: str, by: User) -> Paper:
    """Fill a new paper from its blueprint; ValidationError names the lines that lack items."""
    blueprint = paper.blueprint
    if blueprint is None:
        raise ValueError(f"{paper} has no blueprint")
    cells = list(blueprint.cells.select_related("skill"))
    found = assembling.assemble(
        [_as_cell(cell) for cell in cells],
        _candidates(blueprint, _excluded(blueprint, paper.group)),
        seed=seed,
        forms=forms,
        tolerance=TOLERANCE,
    )
    if found.shortage:
        raise ValidationError(_told(found, cells))
    if found.spread > TOLERANCE:
        message = _("The forms cannot be made equally hard: they differ by %(spread)s.")
        raise ValidationError(message % {"spread": f"{found.spread:.3f}"})
    paper.by, paper.seed = by, seed
    paper.total = sum(cell.worth for cell in cells)
    paper.save()
    _fill(paper, cells, found)
    record(paper, gettext_noop("Paper assembled"), by=by, blueprint=blueprint.title_zh, seed=seed)
    return paper


def _fill(paper: Paper, cells: Sequence[Cell], found: Assembly) -> None:
    """One section for each kind, in the order of the blueprint."""
    kinds = list(dict.fromkeys(cell.kind for cell in cells))
    sections = {}
    for order, kind in enumerate(kinds, 1):
        label = next(cell for cell in cells if cell.kind == kind).get_kind_display
        titles = {}
        for code, language in (("title_zh", "zh-hans"), ("title_en", "en")):
            with translation.override(language):
                titles[code] = str(label())
        sections[kind] = Section.objects.create(paper=paper, order=order, **titles)
    chosen = [item for form in found.forms for items in form.values() for item in items]
    rows = Version.objects.filter(item__in=chosen, state=Version.State.APPROVED)
    versions = {version.item_id: version for version in rows}
    for number, (items, difficulty) in enumerate(
        zip(found.forms, found.difficulties, strict=True), 1
    ):
        form = Form.objects.create(paper=paper, number=number, difficulty=difficulty)
        placed = [
            (cell, item)
            for kind in kinds
            for cell in cells
            if cell.kind == kind
            for item in items[cell.pk]
        ]
        Line.objects.bulk_create(
            Line(
                form=form,
                section=sections[cell.kind],
                version=versions[item],
                order=order,
                points=cell.points,
            )
            for order, (cell, item) in enumerate(placed, 1)
        )


def _candidates(blueprint: Blueprint, excluded: set[int]) -> list[Candidate]:
    """The items in use of the bank, in the occupation and level of the blueprint."""
    items = Item.objects.filter(
        bank=blueprint.bank_id,
        occupation=blueprint.occupation_id,
        level=blueprint.level,
        versions__state=Version.State.APPROVED,
    )
    kinds = dict(
        Version.objects.filter(item__in=items, state=Version.State.APPROVED).values_list(
            "item", "kind"
        )
    )
    return [
        Candidate(
            item.pk, kinds[item.pk], item.hardness, frozenset(t.skill_id for t in item.tested.all())
        )
        for item in items.prefetch_related("tested")
        if item.pk not in excluded
    ]


def _excluded(blueprint: Blueprint, group: str) -> set[int]:
    """What the group saw lately, and what other papers hold ready for it."""
    if not group:
        return set()
    since = date.fromordinal(clock.today().toordinal() - round(blueprint.rested * MONTH))
    waiting = Line.objects.filter(form__paper__group=group).exclude(
        form__paper__state=Paper.State.RETIRED
    )
    return seen_by(group, since) | set(waiting.values_list("version__item", flat=True))


def _as_cell(cell: Cell) -> assembling.Cell:
    """Difficulties 1 to 5 are fifths of the scale from 0 to 1."""
    return assembling.Cell(
        id=cell.pk,
        count=cell.count,
        points=float(cell.points),
        kind=cell.kind,
        skills=frozenset([cell.skill_id] if cell.skill_id else []),
        easiest=(cell.easiest - 1) / 5,
        hardest=cell.hardest / 5,
    )


def _told(found: Assembly, cells: Sequence[Cell]) -> str:
    """Which lines cannot be filled, by their numbers and words."""
    shortage = found.shortage
    if shortage is None:
        return ""
    named = [f"{cell.order} ({cell})" for cell in cells if cell.pk in shortage.cells]
    return _(
        "These lines of the blueprint cannot be filled: %(lines)s. They need %(needed)d items, and "
        "%(available)d fit."
    ) % {"lines": "、".join(named), "needed": shortage.needed, "available": shortage.available}


def rehearse(blueprint: Blueprint) -> str:
    """Why one form could not be assembled today; "" where it could."""
    cells = list(blueprint.cells.select_related("skill"))
    bank = _candidates(blueprint, set())
    return _told(assembling.assemble([_as_cell(cell) for cell in cells], bank, seed=""), cells)
