"""What marks come to, one line a candidate: on the office's desk, and for a firm."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.results.lines import RESULTS, Line, said
from silian.education.results.models import Outcome
from silian.education.schemes.levels import PartKind
from silian.engines.passing import Result
from silian.kernel.ui.listing import Table
from silian.kernel.ui.templatetags.ui import badge


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
        accessor="entry__organisation__name",
        orderable=False,
        verbose_name=_("firm that entered them"),
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
        more = badge(gettext("differs"), "orange") if record.differs else ""
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
