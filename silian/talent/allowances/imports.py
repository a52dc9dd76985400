"""Payments from a spreadsheet."""

from collections.abc import Iterable, Sequence
from datetime import date

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import LookupField
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict
from silian.talent.allowances import policy, services
from silian.talent.allowances.models import Allowance, Payment
from silian.talent.cohorts.models import Cohort


class PaymentRow(forms.Form):
    learner = forms.CharField(label=_("number of the learner"), max_length=20)
    kind = forms.ChoiceField(label=_("kind"), choices=Allowance.Kind.choices)
    month = forms.DateField(label=_("for the month"))
    amount = forms.DecimalField(
        label=_("amount, yuan"), max_digits=9, decimal_places=2, min_value=0
    )
    paid_on = forms.DateField(label=_("paid on"))

    def __init__(self, cohort: Cohort) -> None:
        super().__init__()
        learners = cohort.learners.placed()
        self.fields["learner"] = LookupField(
            lambda: ((name, one) for one in learners for name in (one.code, str(one.number))),
            label=_("number of the learner"),
        )

    def clean_month(self) -> date:
        month: date = self.cleaned_data["month"]
        return month.replace(day=1)

    def clean_amount(self) -> object:
        amount = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Must be more than 0."))
        return amount

    def clean_paid_on(self) -> date:
        day: date = self.cleaned_data["paid_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is in the future."))
        return day


@register
class Payments(Sheet[Cohort]):
    name = "allowances.payments"
    title = _("Payments to learners")
    lead = _("One row a learner and month, of what your organisation has promised and paid.")
    row_form = PaymentRow
    examples = {
        "learner": "C12-01",
        "kind": Allowance.Kind.PAY,
        "month": date(2026, 3, 1),
        "amount": 2600,
        "paid_on": date(2026, 4, 5),
    }

    def scope_from(self, text: str) -> Cohort | None:
        key = int(text) if text.isdecimal() else 0
        rows = Cohort.objects.select_related("consortium", "school", "enterprise")
        return rows.filter(pk=key).first()

    def permitted(self, user: User, scope: Cohort) -> Verdict:
        return policy.may_promise(user, scope)

    def form(self, scope: Cohort) -> forms.Form:
        return PaymentRow(scope)

    def check(self, rows: Sequence[Row], scope: Cohort) -> Iterable[Finding]:
        known = set(
            Payment.objects.filter(learner__cohort=scope).values_list(
                "learner", "allowance__kind", "month"
            )
        )
        for row in rows:
            key = (row["learner"].pk, row["kind"], row["month"])
            if not _allowances(scope, row).exists():
                yield (
                    row.number,
                    "kind",
                    gettext("Nothing of this kind was promised for this month."),
                )
            if key in known:
                yield row.number, "month", gettext("This month is recorded already.")
            known.add(key)

    def save(self, rows: Sequence[Row], scope: Cohort, *, by: User, progress: Progress) -> int:
        payers = policy.payers_for(by, scope)
        found = []
        for row in rows:
            allowance = _allowances(scope, row).filter(payer__in=payers).first()
            if allowance is None:
                raise forms.ValidationError(gettext("Only the one who pays records it."))
            data = {name: row[name] for name in ("learner", "month", "amount", "paid_on")}
            found.append(data | {"allowance": allowance})
        return services.import_payments(found, by=by)

    def done_url(self, scope: Cohort) -> str:
        return reverse("allowances:payment_index", args=[scope.consortium, scope.pk])


def _allowances(cohort: Cohort, row: Row) -> QuerySet[Allowance]:
    """What was promised of that kind for a time that touches the month."""
    return Allowance.objects.filter(
        phase__cohort=cohort,
        kind=row["kind"],
        phase__starts_on__lt=_next(row["month"]),
        phase__ends_on__gte=row["month"],
    ).select_related("phase__cohort__consortium")


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
