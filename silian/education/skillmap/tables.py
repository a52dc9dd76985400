"""What was read out of texts: columns and filters. Boxes and levels belong to the form "decide"."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.skillmap.models import Candidate, Passage, Suggestion
from silian.education.skillmap.policy import may_undo
from silian.industry.demand.models import SkillNeed
from silian.industry.occupations.models import Skill
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table


class ChoiceColumn(tables.Column):
    """A box to choose the row with."""

    def __init__(self, **kwargs: Any) -> None:
        options = {"accessor": "pk", "orderable": False, "exclude_from_export": True}
        super().__init__(**{**options, "verbose_name": _("choose"), **kwargs})

    def render(self, record: Any) -> SafeString:
        return format_html(
            '<input class="form-check-input" type="checkbox" name="chosen" value="{}" '
            'form="decide" aria-label="{}">',
            record.pk,
            gettext("Choose “%(what)s”") % {"what": record},
        )


def quoted(passage: Passage) -> SafeString:
    """The passage with its quote marked."""
    return format_html("{}<mark>{}</mark>{}", passage.before, passage.quote, passage.after)


class SuggestionTable(Table):
    chosen = ChoiceColumn()
    skill = LinkColumn(accessor="skill__name", order_by="skill__name_zh", verbose_name=_("skill"))
    level = tables.Column()
    passage = tables.Column(orderable=False)
    source = tables.Column(empty_values=(), orderable=False, verbose_name=_("found in"))

    class Meta:
        model = Suggestion
        fields = ["chosen", "skill", "level", "passage", "source"]
        sequence = fields

    def render_skill(self, record: Suggestion) -> SafeString:
        name = format_html(
            '<a href="{}">{}</a>', record.skill.get_absolute_url(), record.skill.name
        )
        if record.wished:
            return format_html('{} <span class="badge bg-azure-lt">{}</span>', name, _("preferred"))
        return name

    def render_level(self, record: Suggestion) -> SafeString:
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (value, SafeString(" selected") if value == record.level else "", label)
                for value, label in SkillNeed.Level.choices
            ),
        )
        return format_html(
            '<select class="form-select form-select-sm" name="level-{}" form="decide" '
            'aria-label="{}">{}</select>',
            record.pk,
            gettext("Mastery of “%(what)s”") % {"what": record.skill.name},
            options,
        )

    def value_level(self, record: Suggestion) -> str:
        return record.get_level_display()

    def render_passage(self, record: Suggestion) -> SafeString:
        return quoted(record)

    def value_passage(self, record: Suggestion) -> str:
        return record.passage

    def render_source(self, record: Suggestion) -> SafeString | str:
        if record.position:
            url, title = record.position.get_absolute_url(), record.position.title
            return format_html('<a href="{}">{}</a>', url, title)
        if record.unit:
            url = record.unit.edition.get_absolute_url()
            return format_html('<a href="{}">{}</a>', url, self.value_source(record))
        return ""

    def value_source(self, record: Suggestion) -> str:
        if record.position:
            return record.position.title
        unit = record.unit
        return f"{unit.edition.standard.title} · {unit.title}" if unit else ""


class DecidedTable(SuggestionTable):
    """What was decided, with the way back."""

    state = StateColumn()
    decided_at = DateColumn()
    level = tables.Column()
    undo = tables.Column(
        accessor="pk", orderable=False, verbose_name=_("take back"), exclude_from_export=True
    )

    class Meta:
        model = Suggestion
        fields = ["skill", "level", "passage", "source", "state", "decided_at", "undo"]
        sequence = fields
        exclude = ["chosen"]

    def render_level(self, record: Suggestion) -> str:  # type: ignore[override]
        return record.get_level_display()

    def render_undo(self, record: Suggestion) -> SafeString:
        consortium = self.request.resolver_match.kwargs["consortium"]
        context = {
            "url": reverse("skillmap:suggestion_undo", args=[consortium, record.pk]),
            "may_undo": may_undo(self.request.user, record),
        }
        return render_to_string("skillmap/undo.html", context, self.request)


class SuggestionFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Skill or passage"))
    of = filters.ChoiceFilter(
        method="of_kind",
        choices=[("position", _("Positions")), ("unit", _("Course units"))],
        label=_("found in"),
    )
    wished = filters.BooleanFilter()

    class Meta:
        model = Suggestion
        fields = ["q", "of", "wished"]

    def search(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        found = Q(passage__icontains=value) | Q(skill__name_zh__icontains=value)
        return rows.filter(found | Q(skill__name_en__icontains=value))

    def of_kind(self, rows: QuerySet[Suggestion], name: str, value: str) -> QuerySet[Suggestion]:
        return rows.exclude(**{value: None})


class TermTable(Table):
    chosen = ChoiceColumn()
    text = tables.Column(attrs={"td": {"class": "silian-name"}})
    kind = tables.Column()
    times = NumberColumn(verbose_name=_("times found"))
    example = tables.Column(empty_values=(), orderable=False, verbose_name=_("for example"))

    class Meta:
        model = Candidate
        fields = ["chosen", "text", "kind", "times", "example"]
        sequence = fields

    def render_text(self, record: Candidate) -> SafeString:
        consortium = self.request.resolver_match.kwargs["consortium"]
        url = reverse("skillmap:term_detail", args=[consortium, record.pk])
        return format_html('<a href="{}">{}</a>', url, record.text)

    def value_text(self, record: Candidate) -> str:
        return record.text

    def render_example(self, record: Candidate) -> SafeString | str:
        return quoted(record.here[0]) if record.here else ""  # type: ignore[attr-defined]

    def value_example(self, record: Candidate) -> str:
        return record.here[0].passage if record.here else ""  # type: ignore[attr-defined]


class DecidedTermTable(TermTable):
    state = StateColumn()
    skill = tables.Column(linkify=True)
    decided_at = DateColumn()

    class Meta:
        model = Candidate
        fields = ["text", "state", "skill", "times", "example", "decided_at"]
        sequence = fields
        exclude = ["chosen", "kind"]


class TermFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="text", lookup_expr="icontains", label=_("Proposed word"))
    kind = filters.ChoiceFilter(choices=Skill.Kind.choices)

    class Meta:
        model = Candidate
        fields = ["q", "kind"]
