"""A new version of a charter as a form: its values, and its seats, rules and weights as rows."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast
from unicodedata import normalize

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import Charter, Matter, MatterRule, SeatRule, Weight
from silian.governance.charters.reading import Content
from silian.governance.charters.services import contradictions
from silian.governance.members.models import Membership
from silian.kernel import clock
from silian.kernel.ui.widgets import DayInput

FINEST = 100  # the greatest denominator of a share
HALF = Fraction(1, 2)


class ShareField(forms.CharField):
    """A share typed as 2/3, or in percent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, **kwargs)

    def clean(self, value: Any) -> Fraction:
        typed = normalize("NFKC", super().clean(value)).replace(" ", "")
        try:
            share = Fraction(typed[:-1]) / 100 if typed.endswith("%") else Fraction(typed)
        except (ValueError, ZeroDivisionError) as error:
            raise ValidationError(_("A share is written as 2/3 or as 60%.")) from error
        if not 0 < share <= 1:
            raise ValidationError(_("A share is more than nothing and no more than all."))
        if share.denominator > FINEST:
            raise ValidationError(_("Nobody can count so fine a share: 1/100 is the finest."))
        return share

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Fraction) else value


class CharterForm(forms.ModelForm):  # type: ignore[type-arg]
    callers = forms.MultipleChoiceField(
        label=_("who may call a meeting"),
        choices=Charter.Caller.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    demand = ShareField(
        label=_("share of members that can demand an extraordinary meeting"),
        help_text=_("Such as 2/3 or 60%."),
    )

    class Meta:
        model = Charter
        fields = [
            *"in_force_from basis term_years term_limit chair_years age_limit notice_days".split(),
            *"callers demand proxies_each extra_candidates_percent rounds tie".split(),
            *"text_zh text_en".split(),
        ]
        widgets = {
            "in_force_from": DayInput(),
            "text_zh": forms.Textarea(attrs={"rows": 16}),
            "text_en": forms.Textarea(attrs={"rows": 8}),
        }
        help_texts = {
            "basis": _("The meeting or decision, with its day."),
            "chair_years": _("Empty: the chair serves the whole term."),
            "age_limit": _("Empty: none. Silian keeps no birth dates; it reminds whoever checks."),
            "extra_candidates_percent": _("0: as many candidates as seats."),
            "text_zh": _("Markdown can be used."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"].required = True
        self.initial.setdefault("demand", self.instance.demand)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("Adoption"), _pair("in_force_from", "basis")),
            Fieldset(
                _("Terms of office"),
                _pair("term_years", "term_limit"),
                _pair("chair_years", "age_limit"),
            ),
            Fieldset(
                _("Meetings"), _pair("notice_days", "proxies_each"), _pair("callers", "demand")
            ),
            Fieldset(
                _("Elections"), _pair("extra_candidates_percent", "rounds"), _pair("tie", None)
            ),
            Fieldset(_("Text"), "text_zh", "text_en"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "demand" in data:
            self.instance.demand = data["demand"]
        chair, term = data.get("chair_years"), data.get("term_years")
        if chair and term and chair > term:
            self.add_error("chair_years", _("The chair cannot rotate more slowly than terms end."))
        return data


def _pair(left: str, right: str | None) -> Row:
    columns = [Column(name, css_class="col-md-6") for name in (left, right) if name]
    return Row(*columns)


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """One row of a set, with the controls of the house and small labels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            css = "form-select" if isinstance(field.widget, forms.Select) else "form-control"
            boxed = isinstance(field.widget, forms.CheckboxInput)
            field.widget.attrs |= {"class": "form-check-input" if boxed else css}


class SeatForm(RowForm):
    class Meta:
        model = SeatRule
        fields = ["post", "category", "count", "filling"]


class MatterForm(RowForm):
    quorum = ShareField(label=_("quorum, of those entitled"), initial="2/3")
    strict = forms.TypedChoiceField(
        label=_("majority"),
        choices=[("True", _("more than")), ("False", _("at least"))],
        coerce=lambda value: value == "True",
        initial="True",
    )
    majority = ShareField(label=_("share"), initial="1/2")
    field_order = "organ matter quorum strict majority base secret correspondence".split()

    class Meta:
        model = MatterRule
        fields = ["organ", "matter", "strict", "base", "secret", "correspondence"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("quorum", "majority"):
            if name in data:
                setattr(self.instance, name, data[name])
        majority = data.get("majority")
        if majority == 1 and data.get("strict"):
            self.add_error("majority", _("Nobody can need more than all."))
        if majority and majority < HALF and data.get("matter") != Matter.ELECTION:
            self.add_error("majority", _("Less than half decides nothing but an election."))
        return data


class WeightForm(RowForm):
    grade = forms.ChoiceField(label=_("grade"), choices=Membership.Grade.choices)
    votes = forms.IntegerField(label=_("votes"), min_value=1, max_value=20)

    class Meta:
        model = Weight
        fields = ["grade", "votes"]


class BaseRows(BaseFormSet):  # type: ignore[type-arg]
    """Rows of which no two may speak of the same thing."""

    once: tuple[str, ...] = ()

    def clean(self) -> None:
        seen: set[tuple[Any, ...]] = set()
        for form in self.given():
            key = tuple(form.cleaned_data.get(name) for name in self.once)
            if key in seen:
                form.add_error(self.once[-1], _("This stands in another row already."))
            seen.add(key)

    def given(self) -> list[RowForm]:
        """Without those taken away and those left blank."""
        kept = [form for form in self.forms if not self._should_delete_form(form)]  # type: ignore[attr-defined]
        return [form for form in kept if form.has_changed() or not form.empty_permitted]

    def rows(self) -> list[Any]:
        """Unsaved."""
        return [form.instance for form in self.given()]


class BaseSeats(BaseRows):
    once = ("post", "category")


class BaseMatters(BaseRows):
    once = ("organ", "matter")


class BaseWeights(BaseRows):
    once = ("grade",)


def _set(form: type[RowForm], rows: type[BaseRows]) -> type[BaseRows]:
    made = formset_factory(form, formset=rows, extra=0, max_num=60, can_delete=True)
    return cast("type[BaseRows]", made)


SeatSet, MatterSet = _set(SeatForm, BaseSeats), _set(MatterForm, BaseMatters)
WeightSet = _set(WeightForm, BaseWeights)


class Adoption:
    """The whole of a new version; it begins as ``start``."""

    def __init__(self, start: Content, data: Any = None) -> None:
        values = {n: getattr(start.charter, n) for n in ("demand", *CharterForm.Meta.fields)}
        blank = Charter(consortium=start.charter.consortium)
        first = values | {"basis": "", "in_force_from": clock.today()}
        self.form = CharterForm(data, instance=blank, initial=first)
        self.seats = SeatSet(data, prefix="seats", initial=_values(start.seats, SeatForm))
        self.matters = MatterSet(data, prefix="matters", initial=_values(start.matters, MatterForm))
        self.weights = WeightSet(data, prefix="weights", initial=_values(start.weights, WeightForm))

    def is_valid(self) -> bool:
        parts = [part.is_valid() for part in (self.form, self.seats, self.matters, self.weights)]
        if not all(parts):
            return False
        for fault in contradictions(self.content()):
            self.form.add_error(None, fault)
        return not self.form.errors

    def content(self) -> Content:
        """As it was filled in, unsaved."""
        rows = (self.seats.rows(), self.matters.rows(), self.weights.rows())
        return Content(self.form.instance, *rows)


def _values(rows: Sequence[Any], form: type[RowForm]) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in form.base_fields} for row in rows]
