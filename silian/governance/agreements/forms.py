"""A draft with its parties in order, the day of signing, and the end, as forms."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from silian.governance.agreements.models import Agreement
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.ui.widgets import DayInput

FEWEST = 2  # parties that an agreement has


class PartiesInput(forms.Widget):
    """Rows of one party each, in an order that the reader can change."""

    template_name = "agreements/parties_input.html"
    search_url = ""
    choices: Any = ()  # the field sets it; rows are looked up by key instead

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        return [value for value in given if value]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = [str(getattr(key, "value", key)) for key in value or []]
        known = Organisation.objects.filter(pk__in=_keys(chosen))
        names = {str(row.pk): row.name for row in known}
        rows = [(key, names[key]) for key in chosen if key in names]
        rows += [("", "")] * (FEWEST - len(rows))
        return context | {"rows": rows, "search_url": self.search_url}

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"


def _keys(values: Iterable[str]) -> list[int]:
    """Those that can be keys at all; the field itself complains about the others."""
    return [int(value) for value in values if value.isdecimal() and len(value) < 19]


class PartiesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Two or more organisations; the cleaned value is a list in the order given."""

    widget = PartiesInput

    def clean(self, value: Any) -> list[Organisation]:  # type: ignore[override]
        if len(value or []) < FEWEST:
            raise ValidationError(_("An agreement has at least two parties."))
        if len(set(value)) < len(value):
            raise ValidationError(_("A party is named twice."))
        rows = {str(row.pk): row for row in super().clean(value)}
        return [rows[key] for key in value]


class AgreementForm(forms.ModelForm):  # type: ignore[type-arg]
    """``members`` is who can be a party."""

    parties = PartiesField(
        queryset=Organisation.objects.none(),
        label=_("parties"),
        help_text=_("Type a part of a name. In the order in which they sign."),
        error_messages={"invalid_choice": _("Every party must be a member of the consortium.")},
    )

    class Meta:
        model = Agreement
        fields = "kind title_zh title_en parties expires_on summary_zh summary_en".split()
        widgets = {
            "expires_on": DayInput(),
            "summary_zh": forms.Textarea(attrs={"rows": 4}),
            "summary_en": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "expires_on": _("The last day of the term, where there is one."),
            "summary_zh": _("Public once it is signed. Markdown can be used."),
        }

    def __init__(self, members: QuerySet[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parties"]
        assert isinstance(field, PartiesField) and isinstance(field.widget, PartiesInput)
        field.queryset = members
        place = f"?consortium={self.instance.consortium_id}"
        field.widget.search_url = reverse("members:organisation_search") + place
        if self.instance.pk:
            self.initial["parties"] = [p.organisation_id for p in self.instance.party_set.all()]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("What is agreed"), _pair("kind", "expires_on"), "title_zh", "title_en"),
            Fieldset(_("Between whom"), "parties"),
            Fieldset(_("Summary"), "summary_zh", "summary_en"),
        )


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


class DayForm(forms.Form):
    """A day that has come already."""

    on = forms.DateField(label=_("day"), widget=DayInput())

    def __init__(self, agreement: Agreement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        self.fields["on"].initial = clock.today

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day


class SignForm(DayForm):
    def clean_on(self) -> date:
        day = super().clean_on()
        if self.agreement.expires_on and day >= self.agreement.expires_on:
            raise ValidationError(
                _("It would have expired by then; change the draft's term first.")
            )
        return day


class EndForm(DayForm):
    why = forms.CharField(
        label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_on(self) -> date:
        day = super().clean_on()
        if self.agreement.signed_on and day < self.agreement.signed_on:
            raise ValidationError(_("This is before the day of signing."))
        return day
