"""Phases, lessons, places, groups and stays as forms."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.standards.models import Unit
from silian.kernel.ui.widgets import DayInput
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.rotations import policy
from silian.talent.rotations.models import Capacity, Group, Lesson, Phase, Stay
from silian.talent.selections.naming import shown


class PartForm(forms.ModelForm):  # type: ignore[type-arg]
    """A part of the plan of one cohort."""

    rows: tuple[tuple[str, ...], ...] = ()

    def __init__(self, cohort: Cohort, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        self.helper = FormHelper()
        self.helper.form_tag = False
        if self.rows:
            self.helper.layout = Layout(
                *(Row(*(Column(n, css_class="col-md") for n in row)) for row in self.rows)
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("It ends before it starts."))
        for name, day in (("starts_on", start), ("ends_on", end)):
            if day and not self.cohort.starts_on <= day <= self.cohort.ends_on:
                self.add_error(name, _("This day lies outside the cohort's time."))
        return data


class PhaseForm(PartForm):
    rows = (
        ("title_zh", "title_en"),
        ("order",),
        ("starts_on", "ends_on"),
        ("goals_zh",),
        ("goals_en",),
    )

    class Meta:
        model = Phase
        fields = "order title_zh title_en goals_zh goals_en starts_on ends_on".split()
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def clean_order(self) -> int:
        order: int = self.cleaned_data["order"]
        others = self.cohort.phases.filter(order=order).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("Another phase has this place."))
        return order


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Unit) -> str:
        return f"{obj.edition.standard.title} · {obj.title}"


class LessonForm(PartForm):
    unit = UnitChoice(
        Unit.objects.none(),
        label=_("unit of a standard"),
        help_text=_("Units of the standards that are in force for the programme."),
        widget=forms.Select({"data-search": ""}),
    )

    class Meta:
        model = Lesson
        fields = "unit where hours".split()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = policy.units_for(self.cohort)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("hours") == 0:
            self.add_error("hours", _("Must be more than 0."))
        same = Lesson.objects.filter(
            phase=self.instance.phase, unit=data.get("unit"), where=data.get("where")
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("unit", _("This unit stands in the phase already."))
        return data


class CapacityForm(PartForm):
    class Meta:
        model = Capacity
        fields = "firm places posts".split()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["firm"].queryset = policy.firms_of(self.cohort)  # type: ignore[attr-defined]

    def clean_firm(self) -> Any:
        firm = self.cleaned_data["firm"]
        same = Capacity.objects.filter(phase=self.instance.phase, firm=firm)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This enterprise has stated its places already."))
        return firm


class GroupForm(PartForm):
    learners = forms.ModelMultipleChoiceField(
        Learner.objects.none(),
        label=_("learners"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )

    class Meta:
        model = Group
        fields = ["name"]

    def __init__(self, cohort: Cohort, rows: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(cohort, *args, **kwargs)
        field = self.fields["learners"]
        field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = shown  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["learners"] = rows.filter(membership__group=self.instance)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if self.cohort.groups.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another group has this name."))
        return name


class StayForm(PartForm):
    rows = (("group", "phase"), ("site", "place"), ("starts_on", "ends_on"))

    class Meta:
        model = Stay
        fields = "group phase site starts_on ends_on place".split()
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "group": self.cohort.groups.all(),
            "phase": self.cohort.phases.all(),
            "site": policy.sites_of(self.cohort),
        }
        for name, rows in choices.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        phase = data.get("phase")
        for name in ("starts_on", "ends_on"):
            day = data.get(name)
            if phase and day and not phase.starts_on <= day <= phase.ends_on:
                self.add_error(name, _("This day lies outside the phase."))
        return data


class RotateForm(forms.Form):
    """Let the groups alternate between school and firm."""

    phase = forms.ModelChoiceField(Phase.objects.none(), label=_("phase"))
    firm = forms.ModelChoiceField(Phase.objects.none(), label=_("enterprise"))
    weeks = forms.IntegerField(label=_("weeks at each place"), min_value=1, max_value=26, initial=4)

    def __init__(self, cohort: Cohort, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phase"].queryset = cohort.phases.all()  # type: ignore[attr-defined]
        self.fields["firm"].queryset = policy.firms_of(cohort)  # type: ignore[attr-defined]
