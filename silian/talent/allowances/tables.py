"""Payments: columns and filters; names only for those who may read them."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel.ui.listing import DateColumn, LinkColumn, MoneyColumn, Table
from silian.talent.allowances.models import Allowance, Payment


def page_of(payment: Payment) -> str:
    cohort = payment.learner.cohort
    return reverse("allowances:payment_detail", args=[cohort.consortium, cohort.pk, payment.pk])


class PaymentTable(Table):
    learner = LinkColumn(
        accessor="pk", order_by="learner__number", verbose_name=_("learner"), to=page_of
    )
    kind = tables.Column(
        accessor="allowance__get_kind_display", order_by="allowance__kind", verbose_name=_("kind")
    )
    payer = tables.Column(
        accessor="allowance__payer__name",
        order_by="allowance__payer__name_zh",
        verbose_name=_("paid by"),
    )
    month = tables.Column()
    amount = MoneyColumn()
    paid_on = DateColumn()
    objection = tables.Column(verbose_name=_("objection"))

    class Meta:
        model = Payment
        fields = "learner kind payer month amount paid_on objection".split()
        sequence = fields

    def render_learner(self, record: Payment, column: LinkColumn) -> Any:
        return LinkColumn.render(column, self.value_learner(record), record)

    def value_learner(self, record: Payment) -> str:
        named = record.named  # type: ignore[attr-defined]
        return record.learner.student.name if named else record.learner.code

    def render_month(self, record: Payment) -> str:
        return f"{record.month:%Y-%m}"

    value_month = render_month


class PaymentFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(field_name="allowance__kind", choices=Allowance.Kind.choices)
    objected = filters.BooleanFilter(method="with_objection", label=_("objected to"))

    class Meta:
        model = Payment
        fields = ["kind", "objected"]

    def with_objection(self, rows: Any, name: str, value: bool) -> Any:
        return rows.exclude(objection="") if value else rows.filter(objection="")
