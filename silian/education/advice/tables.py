"""The reports of a consortium, and the advice of one."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from silian.education.advice.models import Advice, Report
from silian.education.advice.papers import answers_of, reason_of
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.kernel.ui.templatetags.ui import badge


class ReportTable(Table):
    year = LinkColumn()
    figures_year = tables.Column()
    advised = NumberColumn(verbose_name=_("advised to change"))
    answers_until = DateColumn()
    published_at = DateColumn()
    state = StateColumn()

    class Meta:
        model = Report
        fields = "year figures_year advised answers_until published_at state".split()


class AdviceTable(Table):
    verb = tables.Column()
    programme = LinkColumn(
        accessor="subject", order_by="programme__name_zh", verbose_name=_("programme or occupation")
    )
    school = tables.Column(
        accessor="programme__school__name", order_by="programme__school__name_zh"
    )
    why = tables.Column(accessor="pk", orderable=False, verbose_name=_("why"))
    answers = tables.Column(accessor="pk", orderable=False, verbose_name=_("Answers"))

    class Meta:
        model = Advice
        fields = "verb programme school why answers".split()

    def render_verb(self, record: Advice) -> SafeString:
        return badge(record.get_verb_display(), record.verb_colour)

    def value_verb(self, record: Advice) -> str:
        return str(record.get_verb_display())

    def render_why(self, record: Advice) -> str:
        return reason_of(record)

    value_why = render_why

    def render_answers(self, record: Advice) -> str:
        return answers_of(record) or "—"

    value_answers = render_answers


class AdviceFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Programme, school or occupation"))
    verb = filters.ChoiceFilter(choices=Advice.Verb.choices)

    class Meta:
        model = Advice
        fields = ["q", "verb"]

    def search(self, rows: QuerySet[Advice], name: str, value: Any) -> QuerySet[Advice]:
        found = Q()
        for path in ("programme__name", "programme__school__name", "occupation__name"):
            found |= Q((f"{path}_zh__icontains", value)) | Q((f"{path}_en__icontains", value))
        return rows.filter(found)
