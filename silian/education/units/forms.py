"""A unit with the skills it teaches, and the totals, as forms."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from silian.education.standards.models import Edition, Standard, Unit
from silian.industry.demand.models import SkillNeed
from silian.industry.occupations.models import Skill
from silian.kernel.documents.editor import Editor

MOST_SKILLS = 20


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, initial=1)

    class Meta:
        model = Unit
        fields = [
            *"title_zh title_en theory_hours practice_hours credits".split(),
            *"part elective term course text".split(),
        ]
        widgets = {"text": Editor(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        standard = self.instance.edition.standard
        groups = [
            Fieldset(_("What it is"), "version", _row("title_zh", "title_en")),
            Fieldset(_("Hours and credits"), _row("theory_hours", "practice_hours", "credits")),
        ]
        if standard.kind == Standard.Kind.PLAN:
            self.fields["part"].required = True
            self._offer_courses(standard)
            groups.append(
                Fieldset(_("Its place in the plan"), _row("part", "term", "course"), "elective")
            )
        else:
            for name in ("part", "elective", "term", "course"):
                del self.fields[name]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*groups, Fieldset(_("Content"), "text"))

    def _offer_courses(self, standard: Standard) -> None:
        """The course standards of the same programme."""
        courses = Standard.objects.filter(programme=standard.programme, kind=Standard.Kind.COURSE)
        self.fields["course"].queryset = courses  # type: ignore[attr-defined]
        most = standard.programme.years * 2
        self.fields["term"].widget.attrs |= {"min": 1, "max": most}

    def clean_term(self) -> int | None:
        term: int | None = self.cleaned_data["term"]
        most = self.instance.edition.standard.programme.years * 2
        if term is not None and not 1 <= term <= most:
            raise forms.ValidationError(_("The programme has terms 1 to %(n)s.") % {"n": most})
        return term

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("theory_hours") == 0 and data.get("practice_hours") == 0:
            self.add_error("theory_hours", _("A unit has hours of theory or of practice."))
        return data


class TotalsForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Edition
        fields = ["hours", "credits"]


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
        return {row["skill"]: row["level"] or 2 for row in rows if row.get("skill")}


SkillFormSet = cast(
    "type[BaseSkills]", formset_factory(SkillForm, formset=BaseSkills, extra=2, max_num=MOST_SKILLS)
)


def _row(*names: str) -> Row:
    return Row(*(Column(name, css_class="col-md") for name in names))
