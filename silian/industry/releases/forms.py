"""A new release, its foreword, and a line that is changed by hand."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Consortium
from silian.industry.releases.models import Line, Release
from silian.kernel.documents.editor import Editor
from silian.kernel.ui.widgets import DayInput

FIRST_YEAR, LAST_YEAR = 1990, 2100


class NewReleaseForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Release
        fields = ["year", "starts_on", "ends_on", "source"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}
        help_texts = {
            "ends_on": _("Positions that were public by then and confirmed since the first day."),
            "source": _(
                "Leave this empty to count the positions stated here. Name the source where "
                "figures of an earlier year are taken over; they are then imported as a sheet."
            ),
        }

    def __init__(self, *args: Any, consortium: Consortium, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consortium = consortium

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(_("This is no year that figures are kept for."))
        known = Release.objects.filter(consortium=self.consortium, year=year)
        if known.exclude(state=Release.State.DROPPED).exists():
            raise ValidationError(_("There is a release for this year already; correct that one."))
        return year

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("It ends before it starts."))
        return data


class ForewordForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Release
        fields = ["foreword_zh", "foreword_en", "reason", "firms", "positions"]
        widgets = {"foreword_zh": Editor(), "foreword_en": Editor()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.version == 1:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
        if not self.instance.source:  # counted here
            del self.fields["firms"], self.fields["positions"]


class LineForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Line
        fields = ["places", "remark"]
        help_texts = {"remark": _("Readers see it beside the figure.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].required = True
