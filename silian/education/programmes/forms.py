"""A programme, its closing and its figures of years, as forms."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from silian.education.programmes import policy, services
from silian.education.programmes.models import Programme
from silian.education.programmes.services import Numbers
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList

FIRST_YEAR, LAST_YEAR = 1950, 2100


class ProgrammeForm(forms.ModelForm):  # type: ignore[type-arg]
    code = CodeField(
        CodeList.Kind.PROGRAMME,
        min_level=3,
        label=_("catalogue code"),
        required=False,
        help_text=_("A bachelor programme outside the catalogue of vocational education has none."),
    )
    occupations = CodeField(
        CodeList.Kind.OCCUPATION,
        multiple=True,
        label=_("occupations it trains for"),
        required=False,
    )

    class Meta:
        model = Programme
        fields = "level code name_zh name_en years opened occupations clusters".split()
        widgets = {"clusters": forms.CheckboxSelectMultiple()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clusters = self.fields["clusters"]
        clusters.queryset = policy.clusters_for(self.instance.school)  # type: ignore[attr-defined]
        clusters.label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.consortium.short_name} · {one.name}"
        )
        self.fields["name_zh"].required = False  # the code brings it
        self.fields["name_zh"].help_text = _("Left empty, the name of the catalogue is taken.")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What it is"),
                _pair("level", "code"),
                _pair("name_zh", "name_en"),
                _pair("years", "opened"),
            ),
            Fieldset(_("What it is for"), "occupations", "clusters"),
        )

    def clean_years(self) -> int:
        years: int = self.cleaned_data["years"]
        if not 1 <= years <= 8:
            raise ValidationError(_("A programme takes one to eight years."))
        return years

    def clean_opened(self) -> int | None:
        return _year(self.cleaned_data["opened"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        code, level = data.get("code"), data.get("level")
        if level and not services.fits(code, level):
            self.add_error("code", _("This code belongs to another level."))
        if not data.get("name_zh"):
            if code:
                data["name_zh"] = code.name_zh
            elif "name_zh" not in self.errors:
                self.add_error("name_zh", _("Give a name, or a code that brings one."))
        others = Programme.objects.filter(school=self.instance.school).exclude(pk=self.instance.pk)
        if others.filter(level=level, name_zh=data.get("name_zh")).exists():
            self.add_error("name_zh", _("The school has a programme of this name already."))
        return data


class CloseForm(forms.Form):
    year = forms.IntegerField(label=_("no intake since"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    reason = forms.CharField(
        label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, programme: Programme, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.fields["year"].initial = policy.latest_year

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if self.programme.opened and year < self.programme.opened:
            raise ValidationError(_("This is before it was opened."))
        return year


class FigureForm(forms.Form):
    year = forms.IntegerField(
        label=_("year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False
    )
    enrolled = forms.IntegerField(
        label=_("new students"), min_value=0, max_value=100_000, required=False
    )
    graduated = forms.IntegerField(
        label=_("number of graduates"), min_value=0, max_value=100_000, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        said = data.get("enrolled") is not None or data.get("graduated") is not None
        if said and not data.get("year") and "year" not in self.errors:
            self.add_error("year", _("Say which year."))
        if (year := data.get("year")) and year > policy.latest_year():
            self.add_error("year", _("This year has not come yet."))
        return data


class BaseFigures(BaseFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        seen: set[int] = set()
        for form in self.forms:
            year = form.cleaned_data.get("year") if form.is_valid() else None
            if year in seen:
                form.add_error("year", _("This year is listed twice."))
            if year:
                seen.add(year)

    def figures(self) -> dict[int, Numbers]:
        """Each year with its numbers; a year whose numbers were emptied has none."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("year")]
        return {row["year"]: (row["enrolled"], row["graduated"]) for row in rows}


FigureFormSet = cast(
    "type[BaseFigures]", formset_factory(FigureForm, formset=BaseFigures, extra=0, max_num=80)
)


def _year(value: int | None) -> int | None:
    if value is not None and not FIRST_YEAR <= value <= LAST_YEAR:
        raise ValidationError(_("This is not a year."))
    return value


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))
