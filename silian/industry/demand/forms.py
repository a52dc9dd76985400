"""A position and a template as forms that ask what their kind needs, with skills as rows below."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position, SkillNeed
from silian.industry.demand.work import Work
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.widgets import DayInput

WORK = [
    *"title_zh title_en occupation cluster places education pay_low pay_high shift".split(),
    *"mentors hours fee region address duties_zh duties_en programmes".split(),
]
OF_WORK, OF_TRAINING = {"pay_low", "pay_high", "shift"}, {"hours", "fee"}


AREAS: dict[str, forms.Widget] = {
    name: forms.Textarea(attrs={"rows": 5}) for name in ("duties_zh", "duties_en")
}


class WorkForm(forms.ModelForm):  # type: ignore[type-arg]
    """What positions and templates have in common; ``instance`` brings its kind."""

    occupation = CodeField(CodeList.Kind.OCCUPATION, label=_("occupation"), required=False)
    region = CodeField(CodeList.Kind.REGION, label=_("region"), required=False)
    programmes = CodeField(
        CodeList.Kind.PROGRAMME,
        multiple=True,
        label=_("programmes that fit"),
        required=False,
        help_text=_("None means that every programme fits."),
    )

    class Meta:
        widgets = AREAS

    def __init__(
        self,
        *args: Any,
        consortium: Consortium,
        employers: QuerySet[Organisation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.instance.consortium = consortium
        for name in self._foreign_to(self.instance):
            del self.fields[name]
        self.fields["organisation"].queryset = employers  # type: ignore[attr-defined]
        self.fields["cluster"].queryset = consortium.clusters.all()  # type: ignore[attr-defined]
        if self.instance.kind in Work.STUDENTS and "shift" in self.fields:
            self.fields["shift"].help_text = _("Interns do not work at night or overtime.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.groups())

    @staticmethod
    def _foreign_to(work: Work) -> set[str]:
        """Fields that make no sense for this kind."""
        mentors = set() if work.kind in Work.MENTORED else {"mentors"}
        return mentors | (OF_WORK if work.is_training else OF_TRAINING)

    def groups(self) -> list[Fieldset]:
        return [
            self.group(
                _("What is needed"),
                ("organisation", "places"),
                ("title_zh", "title_en"),
                ("occupation", "cluster"),
                ("education", "mentors"),
            ),
            self.group(
                _("When, where and for how much"),
                ("starts_on", "ends_on"),
                ("open_until", "shift"),
                ("region", "address"),
                ("pay_low", "pay_high"),
                ("hours", "fee"),
            ),
            self.group(_("The work"), ("duties_zh",), ("duties_en",), ("programmes",)),
        ]

    def group(self, legend: Any, *rows: tuple[str, ...]) -> Fieldset:
        """The fields that this form has, in rows of two."""
        kept = [[name for name in row if name in self.fields] for row in rows]
        columns = [
            Row(*(Column(n, css_class="col-md-6" if len(row) > 1 else "col-12") for n in names))
            for row, names in zip(rows, kept, strict=True)
            if names
        ]
        return Fieldset(legend, *columns)

    def clean_places(self) -> int:
        places: int = self.cleaned_data["places"]
        if places < 1:
            raise ValidationError(_("At least one person is needed."))
        return places

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        low, high = data.get("pay_low"), data.get("pay_high")
        if low and high and high < low:
            self.add_error("pay_high", _("This is below the lower end."))
        return data


class PositionForm(WorkForm):
    class Meta(WorkForm.Meta):
        model = Position
        fields = [
            "organisation",
            *WORK,
            *"starts_on ends_on open_until contact_name contact_phone".split(),
        ]
        widgets = AREAS | {name: DayInput() for name in ("starts_on", "ends_on", "open_until")}
        help_texts = {
            "open_until": _("The last day to answer; it is closed by itself afterwards."),
            "contact_name": _("Shown only to people of the member units."),
        }

    def __init__(self, *args: Any, complete: bool = False, **kwargs: Any) -> None:
        self.complete = complete
        super().__init__(*args, **kwargs)
        employers = self.fields["organisation"].queryset  # type: ignore[attr-defined]
        if len(employers) == 1:
            self.initial["organisation"] = self.initial.get("organisation") or employers[0].pk

    def groups(self) -> list[Fieldset]:
        contact = self.group(_("Whom to ask"), ("contact_name", "contact_phone"))
        return [*super().groups(), contact]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end <= start:
            self.add_error("ends_on", _("It ends before it starts."))
        if self.complete:
            self._ask_for_the_rest(data)
        return data

    def _ask_for_the_rest(self, data: dict[str, Any]) -> None:
        """What the kind must state before it can be handed in."""
        kind = self.instance.get_kind_display()
        for name in self.instance.needed:
            if name in data and not data[name]:
                message = _("Needed before “%(kind)s” can be handed in.") % {"kind": kind}
                self.add_error(name, message)
        for name in ("starts_on", "open_until"):
            if data.get(name) and data[name] < clock.today():
                self.add_error(name, _("This day has passed."))


class SkillForm(forms.Form):
    skill = forms.ModelChoiceField(
        Skill.objects.all(), label=_("skill"), required=False, empty_label=""
    )
    level = forms.TypedChoiceField(
        label=_("mastery"), coerce=int, choices=SkillNeed.Level.choices, initial=2, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].widget.attrs |= {"class": "form-select", "data-search": ""}
        self.fields["level"].widget.attrs |= {"class": "form-select"}


class BaseSkills(BaseFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        seen: set[Skill] = set()
        for form in self.forms:
            skill = form.cleaned_data.get("skill") if form.is_valid() else None
            if skill in seen:
                form.add_error("skill", _("This skill is listed twice."))
            if skill:
                seen.add(skill)

    def chosen(self) -> dict[Skill, int]:
        """Each skill with its level."""
        rows = [form.cleaned_data for form in self.forms]
        return {row["skill"]: row["level"] for row in rows if row.get("skill")}


SkillFormSet = cast(
    "type[BaseSkills]", formset_factory(SkillForm, formset=BaseSkills, extra=2, max_num=30)
)
