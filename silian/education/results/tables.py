"""What marks come to, one line a candidate: on the office's desk, and for a firm."""

from dataclasses import dataclass, field
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from silian.education.results.models import Outcome
from silian.education.schemes.levels import PartKind
from silian.education.skillappraisals.models import Entry
from silian.engines.passing import Came, Result, Taken
from silian.kernel.ui.formats import number
from silian.kernel.ui.listing import Table
from silian.kernel.ui.templatetags.ui import badge

RESULTS = {
    Result.PASSED: (_("Has passed"), "green"),
    Result.FAILED: (_("Has not passed"), "red"),
    Result.INCOMPLETE: (_("Not complete"), "yellow"),
}


@dataclass(frozen=True)
class Line:
    """A candidate with the parts; ``differs`` where something else is published."""

    entry: Entry
    result: str
    grade: str
    parts: dict[str, Taken] = field(default_factory=dict)
    differs: bool = False


def said(taken: Taken | None) -> str:
    """A part in a word or in points."""
    if taken is None or taken.came == Came.MISSING:
        return "—"
    if taken.came == Came.ABSENT:
        return _now("absent")
    points = number(taken.points) if taken.points is not None else ""
    if taken.came == Came.FAILED:
        return f"{points} ({_now('not passed')})" if points else _now("not passed")
    text = points or _now("passed")
    return f"{text} ({_now('earlier')})" if taken.earlier else text


class PartColumn(tables.Column):
    def __init__(self, part: str) -> None:
        self.part = part
        label = PartKind(part).label
        super().__init__(empty_values=(), orderable=False, verbose_name=label)

    def render(self, record: Line) -> str:
        return said(record.parts.get(self.part))

    value = render


class LineTable(Table):
    number = tables.Column(accessor="entry__number", verbose_name=_("number of the entry"))
    person = tables.Column(accessor="entry__person__name", verbose_name=_("full name"))
    id_masked = tables.Column(
        accessor="entry__person__id_masked", orderable=False, verbose_name=_("ID card number")
    )
    organisation = tables.Column(
        accessor="entry__organisation__name", orderable=False, verbose_name=_("entered by")
    )
    ethics = PartColumn(PartKind.ETHICS)
    theory = PartColumn(PartKind.THEORY)
    practical = PartColumn(PartKind.PRACTICAL)
    review = PartColumn(PartKind.REVIEW)
    performance = PartColumn(PartKind.PERFORMANCE)
    result = tables.Column(verbose_name=_("result"))
    grade = tables.Column(verbose_name=_("grade of the result"))

    def render_number(self, record: Line) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', record.entry.get_absolute_url(), record.entry.number
        )

    def value_number(self, record: Line) -> str:
        return record.entry.number

    def render_result(self, record: Line) -> SafeString:
        label, colour = RESULTS[Result(record.result)]
        shown = badge(label, colour)
        more = badge(_now("differs"), "orange") if record.differs else ""
        return format_html("{} {}", shown, more)

    def value_result(self, record: Line) -> str:
        return str(RESULTS[Result(record.result)][0])

    def render_grade(self, value: str) -> str:
        return str(Outcome.Grade(value).label) if value else ""

    value_grade = render_grade


def without(listing: Any, parts: list[str]) -> None:
    """Hide the columns of parts that this level does not have."""
    for part in PartKind.values:
        if part not in parts:
            listing.table.columns.hide(part)
