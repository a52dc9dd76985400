"""A policy and a check on site as forms."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import DayInput
from silian.talent.safeguards.models import Policy, SiteCheck
from silian.talent.safeguards.services import SCANS

COUNTS = timedelta(days=365)


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    scan = UploadField(label=gettext_lazy("scan of the policy"), kinds=SCANS, required=False)

    class Meta:
        model = Policy
        fields = "kind insurer number starts_on ends_on".split()
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}
        help_texts = {
            "ends_on": gettext_lazy(
                "The last day covered. It must not be before an internship ends."
            )
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("This is before the first day."))
        return data


class SiteCheckForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SiteCheck
        fields = "unit checked_on valid_until checkers findings result".split()
        widgets = {
            "unit": forms.Select(attrs={"data-search": ""}),
            "checked_on": DayInput(),
            "valid_until": DayInput(),
            "findings": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        school = self.instance.school
        together = school.memberships.current().values("consortium")
        units = Organisation.objects.filter(
            memberships__consortium__in=together, memberships__state="admitted"
        )
        self.fields["unit"].queryset = (  # type: ignore[attr-defined]
            units.exclude(kind__in=Organisation.SCHOOLS).distinct()
        )
        self.fields["checked_on"].initial = clock.today
        self.fields["valid_until"].initial = lambda: clock.today() + COUNTS

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        checked, until = data.get("checked_on"), data.get("valid_until")
        if checked and checked > clock.today():
            self.add_error("checked_on", _("This day is in the future."))
        if checked and until and until <= checked:
            self.add_error("valid_until", _("This is not after the day of the check."))
        return data
