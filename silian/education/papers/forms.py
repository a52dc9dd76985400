"""Papers, blueprints and what a blueprint is asked for."""

from decimal import Decimal
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from silian.education.banks.models import Bank
from silian.education.papers.models import LETTERS, Blueprint, Cell, Paper
from silian.industry.occupations.models import Skill
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList

MOST_CELLS = 40


class _Bound(forms.ModelForm):  # type: ignore[type-arg]
    """Of one bank, for one occupation; two fields a row."""

    occupation = CodeField(CodeList.Kind.OCCUPATION, min_level=3, label=_("occupation"))
    pairs: list[list[str]] = []

    def __init__(self, banks: QuerySet[Bank], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "bank" in self.fields:
            self.fields["bank"].queryset = banks  # type: ignore[attr-defined]
            if len(banks) == 1:
                self.fields["bank"].empty_label = None  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        columns = [[Column(n, css_class="col-md") for n in pair] for pair in self.pairs]
        self.helper.layout = Layout(*(Row(*row) for row in columns))


class PaperForm(_Bound):
    pairs = [
        *(["bank", "occupation"], ["title_zh", "title_en"], ["level", "minutes"]),
        *(["total", "passing"], ["rule", "group"], ["mixed"]),
    ]

    class Meta:
        model = Paper
        fields = (
            "bank occupation title_zh title_en level minutes total passing rule group mixed".split()
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        total, passing = data.get("total"), data.get("passing")
        if total is not None and total <= 0:
            self.add_error("total", _("Must be more than 0."))
        if total and passing is not None and not 0 < passing <= total:
            self.add_error("passing", _("More than 0, and at most the points in all."))
        return data


class BlueprintForm(_Bound):
    pairs = [["bank", "occupation"], ["title_zh", "title_en"], ["level", "rested"]]

    class Meta:
        model = Blueprint
        fields = "bank occupation title_zh title_en level rested".split()


class CellForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Cell
        fields = "kind skill easiest hardest count points".split()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].queryset = Skill.objects.all()  # type: ignore[attr-defined]
        self.fields["skill"].empty_label = _("any skill")  # type: ignore[attr-defined]
        self.fields["skill"].widget.attrs["data-search"] = ""
        for name, field in self.fields.items():
            chosen = name not in ("count", "points")
            field.widget.attrs["class"] = "form-select" if chosen else "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("hardest") or 5) < (data.get("easiest") or 1):
            self.add_error("hardest", _("Not easier than where it begins."))
        return data


class BaseCells(BaseFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        if not any(self.errors) and not self.cells():
            raise ValidationError(_("A blueprint has at least one line."))

    def cells(self) -> list[Cell]:
        rows = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        return [form.save(commit=False) for form in rows]


CellFormSet = cast(
    "type[BaseCells]",
    formset_factory(CellForm, formset=BaseCells, extra=1, max_num=MOST_CELLS, can_delete=True),
)


class AssembleForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a paper is called and who sits it; the blueprint says the rest."""

    variants = forms.TypedChoiceField(
        label=_("parallel forms"),
        coerce=int,
        choices=[(n, n) for n in range(1, len(LETTERS) + 1)],
        help_text=_("Equally hard, without a common item."),
    )

    class Meta:
        model = Paper
        fields = "title_zh title_en group minutes passing rule mixed".split()

    field_order = "title_zh title_en group variants minutes passing rule mixed".split()

    def __init__(self, total: Decimal, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.total = total
        self.fields["passing"].initial = round(total * Decimal("0.6"), 2)

    def clean_passing(self) -> Decimal:
        passing: Decimal = self.cleaned_data["passing"]
        if not 0 < passing <= self.total:
            raise ValidationError(_("More than 0, and at most the points in all."))
        return passing


class LinesForm(forms.Form):
    """Under which heading those ticked go, and what each is worth."""

    section = forms.CharField(label=_("section"), max_length=100)
    points = forms.DecimalField(
        label=_("points each"), min_value=Decimal("0.01"), max_digits=5, decimal_places=2
    )


class PointsForm(forms.Form):
    points = forms.DecimalField(min_value=Decimal("0.01"), max_digits=5, decimal_places=2)
