"""Sheets, items and all marks: columns and filters."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.marking.asked import asked_in
from silian.education.marking.models import Answer, Marking, Question, Sheet
from silian.education.marking.scores import of_hundred
from silian.education.questions.building import worded
from silian.kernel.ui.listing import LinkColumn, NumberColumn, Table


class SheetTable(Table):
    number = LinkColumn(
        accessor="attempt__candidate__number", verbose_name=gettext_lazy("ticket number")
    )
    person = tables.Column(
        accessor="attempt__candidate__person__name", verbose_name=gettext_lazy("full name")
    )
    organisation = tables.Column(
        accessor="attempt__candidate__organisation__name",
        order_by="attempt__candidate__organisation__name_zh",
        verbose_name=gettext_lazy("entered for"),
    )
    waiting = NumberColumn(verbose_name=gettext_lazy("to be marked"))
    got = NumberColumn(verbose_name=gettext_lazy("points given"))
    hundred = NumberColumn(
        accessor="got", orderable=False, verbose_name=gettext_lazy("points of 100")
    )

    class Meta:
        model = Sheet
        fields = "number person organisation waiting got hundred".split()
        sequence = fields

    def render_hundred(self, record: Any) -> str:
        return "—" if record.waiting else f"{of_hundred(record.got, record.of):f}"

    def value_hundred(self, record: Any) -> Decimal | None:
        return None if record.waiting else of_hundred(record.got, record.of)


class SheetFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=gettext_lazy("Name or ticket number"))
    state = filters.ChoiceFilter(
        method="in_state",
        label=gettext_lazy("state"),
        choices=[("open", gettext_lazy("to be marked")), ("done", gettext_lazy("Marked"))],
    )

    class Meta:
        model = Sheet
        fields = "q state".split()

    def search(self, rows: QuerySet[Sheet], name: str, value: str) -> QuerySet[Sheet]:
        candidate = "attempt__candidate__"
        found = {f"{candidate}number__startswith": value}
        return rows.filter(Q(**found) | Q(**{f"{candidate}person__name__icontains": value}))

    def in_state(self, rows: QuerySet[Sheet], name: str, value: str) -> QuerySet[Sheet]:
        unmarked = Answer.objects.filter(sheet=OuterRef("pk"), points=None)
        return rows.filter(Exists(unmarked)) if value == "open" else rows.filter(~Exists(unmarked))


class QuestionTable(Table):
    item = tables.Column(
        accessor="pk", order_by=("form__letter", "place"), verbose_name=gettext_lazy("item")
    )
    asked = tables.Column(
        empty_values=(), orderable=False, verbose_name=gettext_lazy("question asked")
    )
    points = NumberColumn()
    marked = NumberColumn(verbose_name=gettext_lazy("answers marked"))
    answered = NumberColumn(verbose_name=gettext_lazy("answers given"))
    facility = tables.Column(
        empty_values=(), orderable=False, verbose_name=gettext_lazy("facility")
    )

    class Meta:
        model = Question
        fields = "item asked points marked answered facility".split()
        sequence = fields

    def render_item(self, record: Any) -> SafeString:
        exam = record.marking.exam
        url = reverse("marksheets:question_detail", args=[exam.consortium, exam.pk, record.pk])
        return format_html('<a href="{}">{}</a>', url, record)

    def value_item(self, record: Any) -> str:
        return str(record)

    def render_asked(self, record: Any) -> str:
        content = asked_in(record.form)[record.item].content
        text = " ".join(worded(content["text"]).split())
        return f"{text[:40]}…" if len(text) > 40 else text

    def render_facility(self, record: Any) -> str:
        return f"{record.got / record.of:.0%}" if record.of else "—"


def marks_table(marking: Marking, sheets: Iterable[Any], answers: Any) -> Table:
    """A row a sheet, a column an item: for the file that the office keeps."""
    questions = list(marking.questions.select_related("form"))
    letters = {question.form.letter for question in questions}
    columns = [
        (f"q{one.pk}", tables.Column(verbose_name=str(one) if len(letters) > 1 else one.item))
        for one in questions
    ]
    people = [
        ("number", tables.Column(verbose_name=_("ticket number"))),
        ("person", tables.Column(verbose_name=_("full name"))),
        ("organisation", tables.Column(verbose_name=_("entered for"))),
        ("form", tables.Column(verbose_name=_("Form of the paper"))),
    ]
    sums = [
        ("got", tables.Column(verbose_name=_("points given"))),
        ("hundred", tables.Column(verbose_name=_("points of 100"))),
    ]
    points = points_by_sheet(answers)
    rows = [_row(sheet, points.get(sheet.pk, {})) for sheet in sheets]
    return Table(rows, extra_columns=[*people, *columns, *sums])


def points_by_sheet(answers: QuerySet[Answer]) -> dict[int, dict[str, Decimal | None]]:
    found: dict[int, dict[str, Decimal | None]] = {}
    for sheet, question, points in answers.values_list("sheet", "question", "points").iterator():
        found.setdefault(sheet, {})[f"q{question}"] = points
    return found


def _row(sheet: Any, points: dict[str, Decimal | None]) -> dict[str, Any]:
    candidate = sheet.attempt.candidate
    facts: dict[str, Any] = {
        "number": candidate.number,
        "person": candidate.person.name,
        "organisation": candidate.organisation.name if candidate.organisation else "",
        "form": candidate.form.letter,
        "got": sheet.got,
        "hundred": None if sheet.waiting else of_hundred(sheet.got, sheet.of),
    }
    return facts | points
