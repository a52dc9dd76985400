"""An exam and its rooms as forms."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.papers.models import Paper
from silian.education.sittings import policy
from silian.education.sittings.models import Exam, Room
from silian.kernel.accounts.models import User
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.widgets import MomentInput


class ExamForm(forms.ModelForm):  # type: ignore[type-arg]
    occupation = CodeField(CodeList.Kind.OCCUPATION, label=_("occupation"), required=False)

    class Meta:
        model = Exam
        fields = """organiser title_zh title_en occupation level opens_at closes_at minutes
        late_minutes rules_zh rules_en""".split()
        widgets = {
            "opens_at": MomentInput(),
            "closes_at": MomentInput(),
            "rules_zh": forms.Textarea({"rows": 4}),
            "rules_en": forms.Textarea({"rows": 4}),
        }
        help_texts = {
            "opens_at": _("From then on candidates who were admitted may begin."),
            "closes_at": _("Nobody answers later, unless time is added."),
            "minutes": _("For each candidate, from the moment they begin."),
            "rules_zh": _("Shown to candidates before they begin."),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organiser"].queryset = policy.organisers(  # type: ignore[attr-defined]
            by, self.instance.consortium
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("What it is"), *_pairs("title_zh", "title_en", "occupation", "level")),
            "organiser",
            Fieldset(_("When"), *_pairs("opens_at", "closes_at", "minutes", "late_minutes")),
            Fieldset(_("Rules"), *_pairs("rules_zh", "rules_en")),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens, closes, minutes = (data.get(n) for n in ("opens_at", "closes_at", "minutes"))
        if minutes == 0:
            self.add_error("minutes", _("Must be more than 0."))
        elif opens and closes and minutes and (closes - opens).total_seconds() < minutes * 60:
            self.add_error(
                "closes_at", _("There is less time between the two than candidates get.")
            )
        return data


class RoomForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Room
        fields = "name place seats invigilators".split()
        widgets = {"invigilators": forms.SelectMultiple({"data-search": ""})}
        help_texts = {"invigilators": _("They admit candidates, give time and note incidents.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invigilators"].queryset = policy.possible_invigilators(  # type: ignore[attr-defined]
            self.instance.exam
        )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.instance.exam.rooms.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This exam has a room of that name."))
        return name

    def clean_seats(self) -> int:
        seats: int = self.cleaned_data["seats"]
        if seats < 1:
            raise forms.ValidationError(_("Must be more than 0."))
        return seats


class PaperForm(forms.Form):
    paper = forms.ModelChoiceField(Paper.objects.none(), label=_("exam paper"))

    def __init__(self, *args: Any, exam: Exam, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].queryset = policy.papers_for(exam)  # type: ignore[attr-defined]


def _pairs(*names: str) -> list[Row]:
    columns = [Column(name, css_class="col-md-6") for name in names]
    return [Row(*columns[at : at + 2]) for at in range(0, len(columns), 2)]
