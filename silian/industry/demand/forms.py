"""A position as a form, with the skills it asks for as rows below it."""

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
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.widgets import DayInput

OPTIONAL_UNTIL_SUBMITTED = _("Needed before the position can be handed in.")


class PositionForm(forms.ModelForm):  # type: ignore[type-arg]
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
        model = Position
        fields = [
            *"organisation kind title_zh title_en occupation cluster places education".split(),
            *"pay_low pay_high region address starts_on ends_on duties_zh duties_en".split(),
            *"programmes contact_name contact_phone".split(),
        ]
        widgets = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "duties_zh": forms.Textarea(attrs={"rows": 5}),
            "duties_en": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(
        self,
        *args: Any,
        consortium: Consortium,
        employers: QuerySet[Organisation],
        complete: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.complete = complete
        self.instance.consortium = consortium
        self.fields["organisation"].queryset = employers  # type: ignore[attr-defined]
        self.fields["cluster"].queryset = consortium.clusters.all()  # type: ignore[attr-defined]
        if len(employers) == 1:
            self.initial["organisation"] = self.initial.get("organisation") or employers[0].pk
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What is needed"),
                _pair("organisation", "kind"),
                _pair("title_zh", "title_en"),
                _pair("occupation", "cluster"),
                _pair("places", "education"),
            ),
            Fieldset(
                _("When, where and for how much"),
                _pair("starts_on", "ends_on"),
                _pair("region", "address"),
                _pair("pay_low", "pay_high"),
            ),
            Fieldset(_("The work"), "duties_zh", "duties_en", "programmes"),
            Fieldset(_("Whom to ask"), _pair("contact_name", "contact_phone")),
        )

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
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end <= start:
            self.add_error("ends_on", _("It ends before it starts."))
        if self.complete:
            self._ask_for_the_rest(data)
        return data

    def _ask_for_the_rest(self, data: dict[str, Any]) -> None:
        for name in Position.NEEDED:
            if name in data and not data[name]:
                self.add_error(name, OPTIONAL_UNTIL_SUBMITTED)
        start = data.get("starts_on")
        if start and start < clock.today():
            self.add_error("starts_on", _("This day has passed."))


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


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))
