"""The lists of commitments and of evaluations: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.governance.commitments import policy
from silian.governance.commitments.models import Commitment, Evaluation
from silian.governance.roles.policy import organisations_of
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.kernel.ui.templatetags.ui import badge


class CommitmentTable(Table):
    title = LinkColumn(order_by="title_zh", verbose_name=_("title"))
    kind = tables.Column()
    owner = tables.Column(
        accessor="owner__name", order_by="owner__name_zh", verbose_name=_("who does it")
    )
    agreement = tables.Column(
        accessor="agreement__title", order_by="agreement__title_zh", verbose_name=_("agreement")
    )
    due = DateColumn()
    days_left = NumberColumn(order_by="due", verbose_name=_("days left"))
    state = StateColumn()

    class Meta:
        model = Commitment
        fields = ["title", "kind", "owner", "agreement", "due", "days_left", "state"]
        sequence = fields

    def render_days_left(self, value: int) -> Any:
        if value >= 0:
            return value
        late = gettext("%(days)d days late") % {"days": -value}
        return badge(late, "red")

    def value_days_left(self, value: int) -> int:
        return value


class CommitmentFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title, agreement or party"))
    whose = filters.ChoiceFilter(
        choices=[("do", _("For us to do")), ("accept", _("For us to accept"))],
        method="ours",
        label=_("whose"),
    )
    kind = filters.ChoiceFilter(choices=Commitment.Kind.choices)
    state = filters.ChoiceFilter(choices=Commitment.State.choices)
    late = filters.ChoiceFilter(
        choices=[("overdue", _("Overdue"))], method="overdue", label=_("day")
    )
    agreement = filters.ModelChoiceFilter(queryset=policy.signed_here, label=_("agreement"))

    class Meta:
        model = Commitment
        fields = ["q", "whose", "kind", "state", "late", "agreement"]

    def search(self, rows: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        words = value.strip()
        columns = "title_zh title_en agreement__title_zh agreement__title_en owner__name_zh"
        found = Q(*((f"{column}__icontains", words) for column in columns.split()))
        found.connector = Q.OR
        return rows.filter(found)

    def ours(self, rows: QuerySet[Commitment], name: str, value: str) -> QuerySet[Commitment]:
        mine = organisations_of(self.request.user)
        if value == "do":
            return rows.filter(owner__in=mine, state__in=Commitment.UNMET)
        return rows.filter(checker__in=mine, state=Commitment.State.REPORTED)

    def overdue(self, rows: Any, name: str, value: str) -> QuerySet[Commitment]:
        return rows.overdue()  # type: ignore[no-any-return]


class EvaluationTable(Table):
    agreement = LinkColumn(
        accessor="agreement__title", order_by="agreement__title_zh", verbose_name=_("agreement")
    )
    year = tables.Column()
    answers = tables.Column(accessor="assessments", orderable=False, verbose_name=_("answers"))
    mean = tables.Column(accessor="assessments", orderable=False, verbose_name=_("mean score"))
    answer_until = DateColumn()
    grade = tables.Column()
    state = StateColumn()

    class Meta:
        model = Evaluation
        fields = ["agreement", "year", "answers", "mean", "answer_until", "grade", "state"]
        sequence = fields

    def render_answers(self, value: Any) -> int:
        return len(value.all())

    def render_mean(self, value: Any) -> str:
        means = [assessment.mean for assessment in value.all()]
        return f"{sum(means) / len(means):.1f}" if means else "—"

    value_answers, value_mean = render_answers, render_mean


class EvaluationFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Agreement"))
    year = filters.NumberFilter(label=_("year"), min_value=1900, max_value=9999)
    state = filters.ChoiceFilter(choices=Evaluation.State.choices)
    grade = filters.ChoiceFilter(choices=Evaluation.Grade.choices)

    class Meta:
        model = Evaluation
        fields = ["q", "year", "state", "grade"]

    def search(self, rows: QuerySet[Evaluation], name: str, value: str) -> QuerySet[Evaluation]:
        words = value.strip()
        zh = Q(agreement__title_zh__icontains=words)
        return rows.filter(zh | Q(agreement__title_en__icontains=words))
