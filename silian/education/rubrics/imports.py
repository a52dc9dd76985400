"""The rubric of a station from a spreadsheet."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.practicals import policy
from silian.education.practicals.models import Criterion, Station
from silian.education.rubrics import services
from silian.education.rubrics.faults import faults
from silian.kernel.accounts.models import User
from silian.kernel.sheets.registry import Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


def measure(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=12, decimal_places=4, required=False)


class CriterionRow(forms.Form):
    kind = forms.ChoiceField(label=_("kind"), choices=Criterion.Kind.choices)
    name_zh = forms.CharField(label=_("what is scored, in Chinese"), max_length=200)
    name_en = forms.CharField(label=_("what is scored, in English"), max_length=300, required=False)
    points = forms.DecimalField(
        label=_("points it is worth"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    critical = forms.BooleanField(label=_("failing it fails the exam"), required=False)
    photo = forms.BooleanField(label=_("needs a photo"), required=False)
    unit = forms.CharField(label=_("unit of measurement"), max_length=20, required=False)
    nominal = measure(_("nominal value"))
    below = measure(_("tolerance below"))
    above = measure(_("tolerance above"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            for field, message in faults(data):
                self.add_error(field, message)
        return data


@register
class Rubric(Sheet[Station]):
    name = "rubrics.rubric"
    title = _("Criteria of a station")
    lead = _("The criteria of the file take the place of those that are there, in its order.")
    row_form = CriterionRow
    examples = {
        "kind": Criterion.Kind.MEASURED,
        "name_zh": "外圆直径",
        "points": 10,
        "critical": False,
        "photo": True,
        "unit": "mm",
        "nominal": 20,
        "below": "0.02",
        "above": "0.02",
    }

    def scope_from(self, text: str) -> Station | None:
        key = int(text) if text.isdecimal() else 0
        rows = Station.objects.select_related("practical__consortium", "practical__organiser")
        return rows.filter(pk=key).first()

    def permitted(self, user: User, scope: Station) -> Verdict:
        return policy.may_prepare(user, scope.practical)

    def outlook(self, rows: Sequence[Row], scope: Station) -> Iterable[str]:
        total = sum((row["points"] for row in rows), Decimal())
        yield gettext("The points add up to %(total)s of 100.") % {"total": total}

    def save(self, rows: Sequence[Row], scope: Station, *, by: User, progress: Progress) -> int:
        count = services.set_rubric(scope, [row.data for row in rows], by=by)
        progress(count)
        return count

    def done_url(self, scope: Station) -> str:
        practical = scope.practical
        keys = [practical.consortium, practical.pk, scope.pk]
        return reverse("practicals:station_detail", args=keys)
