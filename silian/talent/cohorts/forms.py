"""A cohort as a form."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.programmes.models import Programme
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.widgets import DayInput
from silian.talent.cohorts import policy
from silian.talent.cohorts.models import Cohort

FIELDS = """kind title_zh title_en agreement school enterprise partners programme class_name tutor
cluster about_zh about_en quota graduates apply_until starts_on ends_on""".split()


class ProgrammeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Programme) -> str:
        return f"{obj.school.name} · {obj.name}"


class CohortForm(forms.ModelForm):  # type: ignore[type-arg]
    programme = ProgrammeChoice(Programme.objects.none(), label=_("programme"), required=False)
    open_to = CodeField(
        CodeList.Kind.PROGRAMME,
        label=_("open to students of"),
        multiple=True,
        required=False,
        help_text=_("Codes of programmes; without any, every student of the school can apply."),
    )

    class Meta:
        model = Cohort
        fields = FIELDS
        widgets = {
            "apply_until": DayInput(),
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "about_zh": forms.Textarea({"rows": 4}),
            "about_en": forms.Textarea({"rows": 4}),
            "partners": forms.SelectMultiple({"data-search": ""}),
        }
        help_texts = {
            "tutor": _("The teacher who looks after the class; not shown in public."),
            "partners": _("Where several enterprises train the class together."),
        }

    def __init__(self, *args: Any, consortium: Consortium, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["open_to"] = list(self.instance.open_to.all())
        schools = policy.visible_sides(consortium, schools=True)
        firms = policy.visible_sides(consortium, schools=False)
        rows = {
            "agreement": policy.founding_agreements(by, consortium),
            "school": schools,
            "enterprise": firms,
            "partners": firms,
            "programme": policy.programmes_of(schools),
            "cluster": consortium.clusters.all(),
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        self.fields["agreement"].required = True
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = _layout()

    def clean_partners(self) -> list[Organisation]:
        leading = self.cleaned_data.get("enterprise")
        return [firm for firm in self.cleaned_data["partners"] if firm != leading]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end, until = (data.get(n) for n in ("starts_on", "ends_on", "apply_until"))
        if start and end and end <= start:
            self.add_error("ends_on", _("It ends before it starts."))
        if start and until and until > start:
            self.add_error("apply_until", _("This is after the cohort starts."))
        if data.get("quota") == 0:
            self.add_error("quota", _("Must be more than 0."))
        programme, school = data.get("programme"), data.get("school")
        if programme and school and programme.school_id != school.pk:
            self.add_error("programme", _("This is a programme of another school."))
        return data


def _layout() -> Layout:
    return Layout(
        Fieldset(_("What it stands on"), "agreement", _pair("kind", "quota")),
        Fieldset(_("Who trains"), _pair("school", "enterprise"), "partners"),
        Fieldset(
            _("The class"),
            _pair("title_zh", "title_en"),
            _pair("programme", "class_name"),
            _pair("tutor", "cluster"),
            _pair("starts_on", "ends_on"),
        ),
        Fieldset(_("Who can apply"), "open_to", _pair("graduates", "apply_until")),
        Fieldset(_("Aims of the training"), "about_zh", "about_en"),
    )


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))
