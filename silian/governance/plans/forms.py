"""Tasks, targets and results, as forms."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.governance.plans.models import Target, Task
from silian.kernel import clock

YEARS = (2000, 2100)  # what a typing mistake falls out of


class TaskForm(forms.ModelForm):  # type: ignore[type-arg]
    """``members`` is who can be responsible."""

    class Meta:
        model = Task
        fields = ["title_zh", "title_en", "owner"]
        widgets = {"owner": forms.Select(attrs={"data-search": ""})}

    def __init__(self, members: QuerySet[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["owner"], members)


class TargetForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Target
        fields = "year task name_zh name_en low high".split()
        help_texts = {
            "name_zh": _("With its unit, as in “培训考核人数(人次)”."),
            "high": _("Only where the plan sets an upper end, as in “one to three”."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["task"], self.instance.consortium.tasks.all())
        low, high = YEARS
        self.fields["year"].validators += [MinValueValidator(low), MaxValueValidator(high)]
        if not self.instance.pk and not self.instance.year:
            self.initial["year"] = clock.today().year
        self.helper = FormHelper()
        self.helper.form_tag = False
        pairs = [("year", "task"), ("name_zh", "name_en"), ("low", "high")]
        self.helper.layout = Layout(*(_pair(*pair) for pair in pairs))

    def clean_low(self) -> int:
        low: int = self.cleaned_data["low"]
        if low < 1:
            raise ValidationError(_("At least 1."))
        return low

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("low"), data.get("high")
        if low and high is not None and high < low:
            self.add_error("high", _("This is less than the lower end."))
        same = self.instance.consortium.targets.exclude(pk=self.instance.pk)
        if same.filter(year=data.get("year"), name_zh=data.get("name_zh")).exists():
            self.add_error("name_zh", _("There is a target of this name in that year already."))
        return data


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Target
        fields = ["reached", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "reached": _("All of the year so far, not only what was added."),
            "note": _("Where the number comes from. Everybody can read it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True


def _offer(field: forms.Field, rows: QuerySet[Any]) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))
