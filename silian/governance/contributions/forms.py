"""A pledge, a delivery, and what a receiver objects to."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.contributions.measures import MEASURES, WHOLE
from silian.governance.contributions.models import LARGEST, Entry, Pledge
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import DayInput


class LineForm(forms.ModelForm):  # type: ignore[type-arg]
    """What pledges and deliveries share: an amount, and a token that makes it count once."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["token"] = self.instance.token
        amount = self.fields["amount"]
        amount.widget.attrs |= {"min": "0", "inputmode": "decimal"}
        amount.validators.append(MaxValueValidator(LARGEST))

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError(_("Must be more than 0."))
        return amount

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("measure"):
            self.instance.kind, self.instance.unit = data["measure"].split(":")
        amount = data.get("amount")
        if amount and self.instance.unit in WHOLE and amount != int(amount):
            self.add_error("amount", _("Things and places are counted as a whole."))
        if data.get("giver") and data.get("giver") == data.get("receiver"):
            self.add_error("receiver", _("Nobody gives to themselves: choose another party."))
        self.instance.token = data.get("token") or self.instance.token
        return data


class SidesForm(LineForm):
    """Between whom, and of which kind. ``givers`` is in whose name it can be entered."""

    measure = forms.ChoiceField(label=_("kind"), choices=MEASURES)

    def __init__(
        self,
        givers: QuerySet[Organisation],
        parties: QuerySet[Organisation],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("giver", givers), ("receiver", parties)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.helper = FormHelper()
        self.helper.form_tag = False


class PledgeForm(SidesForm):
    class Meta:
        model = Pledge
        fields = ["giver", "receiver", "amount", "text_zh", "text_en", "due"]
        widgets = {"due": DayInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "token",
            Fieldset(_("Between whom"), _pair("giver", "receiver")),
            Fieldset(_("What was promised"), _pair("measure", "amount"), "text_zh", "text_en"),
            Fieldset(_("By when"), "due"),
        )


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


class DeliveredForm(forms.Form):
    """The day and what shows it."""

    file = UploadField(label=_("evidence"), required=False)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day


DELIVERED = ["amount", "on", "text"]


class DeliverForm(DeliveredForm, LineForm):
    """What was given of a pledge, which says all else."""

    class Meta:
        model = Entry
        fields = DELIVERED
        widgets = {"on": DayInput()}


class GiftForm(DeliveredForm, SidesForm):
    """What was given without a pledge."""

    class Meta:
        model = Entry
        fields = ["giver", "receiver", *DELIVERED]
        widgets = {"on": DayInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "token",
            Fieldset(_("Between whom"), _pair("giver", "receiver")),
            Fieldset(_("What was given"), _pair("measure", "amount"), _pair("text", "on")),
            "file",
        )
