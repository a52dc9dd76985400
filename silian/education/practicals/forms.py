"""A practical exam, its stations, criteria and examiners as forms."""

from datetime import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from silian.education.examiners.models import Examiner
from silian.education.practicals import policy, teams
from silian.education.practicals.models import Practical, Station
from silian.kernel.accounts.models import User
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.widgets import MomentInput


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PracticalForm(forms.ModelForm):  # type: ignore[type-arg]
    occupation = CodeField(CodeList.Kind.OCCUPATION, label=_("occupation"))

    class Meta:
        model = Practical
        fields = """organiser title_zh title_en occupation level begins_at changeover pauses_at
        resumes_at ends_by examiners difference rules_zh rules_en""".split()
        widgets = {
            "begins_at": MomentInput(),
            "pauses_at": HourInput(),
            "resumes_at": HourInput(),
            "ends_by": HourInput(),
            "rules_zh": forms.Textarea({"rows": 4}),
            "rules_en": forms.Textarea({"rows": 4}),
        }
        help_texts = {
            "changeover": _("For the desk to be put in order and the candidate to move on."),
            "examiners": _("At least three; an odd number decides more easily."),
            "rules_zh": _("Stands on the ticket."),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organiser: Any = self.fields["organiser"]
        organiser.queryset = policy.organisers(by, self.instance.consortium)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("What it is"), *_pairs("title_zh", "title_en", "occupation", "level")),
            "organiser",
            Fieldset(
                _("When"),
                *_pairs("begins_at", "changeover", "pauses_at", "resumes_at", "ends_by"),
            ),
            Fieldset(_("How it is judged"), *_pairs("examiners", "difference")),
            Fieldset(_("Rules"), *_pairs("rules_zh", "rules_en")),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, pauses, resumes, ends = (
            data.get(name) for name in ("begins_at", "pauses_at", "resumes_at", "ends_by")
        )
        if bool(pauses) != bool(resumes):
            missing = "resumes_at" if pauses else "pauses_at"
            self.add_error(missing, _("A break has a beginning and an end."))
        elif pauses and resumes <= pauses:
            self.add_error("resumes_at", _("Must lie after the beginning."))
        if isinstance(begins, datetime) and ends and ends <= localtime(begins).time():
            self.add_error("ends_by", _("Must lie after the hour at which the first turn begins."))
        return data


class StationForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Station
        fields = "name_zh name_en place desks minutes weight task_zh task_en".split()
        widgets = {"task_zh": forms.Textarea({"rows": 5}), "task_en": forms.Textarea({"rows": 5})}
        help_texts = {
            "desks": _("So many candidates work here at the same time."),
            "weight": _("The weights of all stations add up to 100."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            *_pairs("name_zh", "name_en", "place", "desks", "minutes", "weight"),
            *_pairs("task_zh", "task_en"),
        )

    def clean_desks(self) -> int:
        return self._some("desks")

    def clean_minutes(self) -> int:
        return self._some("minutes")

    def _some(self, name: str) -> int:
        value: int = self.cleaned_data[name]
        if value < 1:
            raise ValidationError(gettext("Must be more than 0."))
        return value


class SourceForm(forms.Form):
    source = forms.ModelChoiceField(Practical.objects.none(), label=_("earlier exam"))

    def __init__(self, *args: Any, by: User, practical: Practical, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.queryset = policy.earlier_exams(by, practical)


class ExaminersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} · {obj.organisation.name}" if obj.organisation else str(obj)


class PanelForm(forms.Form):
    """Who judges at a station; whose card does not hold is refused by name and reason."""

    examiners = ExaminersField(
        Examiner.objects.none(),
        label=_("examiners"),
        widget=forms.SelectMultiple({"data-search": ""}),
    )
    chief = forms.ModelChoiceField(
        Examiner.objects.none(),
        label=_("chief examiner"),
        help_text=_("Decides where the others differ."),
    )

    def __init__(self, *args: Any, station: Station, **kwargs: Any) -> None:
        panel = list(station.panel.select_related("examiner"))
        chief = next((one.examiner_id for one in panel if one.chief), None)
        kwargs["initial"] = {"examiners": [one.examiner_id for one in panel], "chief": chief}
        super().__init__(*args, **kwargs)
        self.station = station
        for name in ("examiners", "chief"):
            field: Any = self.fields[name]
            field.queryset = policy.register_for(station.practical)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = data.get("examiners") or []
        reasons = teams.unfit(self.station.practical, chosen)
        for one in chosen:
            if one.pk in reasons:
                self.add_error("examiners", reasons[one.pk])
        chief = data.get("chief")
        if chief and "examiners" in data and chief not in chosen:
            self.add_error("chief", _("The chief is one of the examiners."))
        return data


def _pairs(*names: str) -> list[Row]:
    columns = [Column(name, css_class="col-md-6") for name in names]
    return [Row(*columns[at : at + 2]) for at in range(0, len(columns), 2)]
