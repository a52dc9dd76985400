"""Enrolling oneself, and a few people of one's organisation."""

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Session
from silian.education.enrolments import policy
from silian.education.enrolments.people import refusals
from silian.governance.members.models import Organisation
from silian.kernel.persons.identity import born_on
from silian.kernel.persons.models import Person
from silian.kernel.sheets.fields import NumberOfPersonField


def payer_field(session: Session, organisation: Organisation | None) -> forms.ChoiceField:
    """Who pays, each with the price."""
    prices = dict(session.prices)
    choices = [
        (payer.value, f"{payer.label} · ¥{prices[str(payer.label)]:.2f}")
        for payer in policy.payers_for(session, organisation)
    ]
    return forms.ChoiceField(label=_("who pays"), choices=choices)


class EnrolForm(forms.Form):
    """The number is asked for once, where it is not known yet."""

    number = NumberOfPersonField(
        label=_("identity number"),
        help_text=_("For the certificate. It is kept encrypted and shown with stars."),
    )
    agreed = forms.BooleanField(label=_("I have read the prices and the rule for cancelling."))

    def __init__(self, session: Session, person: Person | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        self.fields["payer"] = payer_field(session, None)
        if person and person.id_sealed:
            del self.fields["number"]
        self.order_fields(["number", "payer", "agreed"])

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not (verdict := policy.fits_age(self.session, born_on(number))):
            raise forms.ValidationError(verdict.reason)
        return number


class PayerForm(forms.Form):
    def __init__(
        self, session: Session, organisation: Organisation, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"] = payer_field(session, organisation)


class EntryForm(forms.Form):
    name = forms.CharField(label=_("full name"), max_length=100)
    number = NumberOfPersonField(label=_("identity number"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"


class Entries(BaseFormSet):  # type: ignore[type-arg]
    """At least one, nobody twice, each as the rules of the session allow."""

    def __init__(
        self, *args: Any, session: Session, organisation: Organisation, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.session, self.organisation = session, organisation

    @property
    def filled(self) -> list[Any]:
        return [form for form in self.forms if form.cleaned_data.get("number")]

    def clean(self) -> None:
        if any(self.errors):
            return
        if not self.filled:
            raise forms.ValidationError(_("Name at least one person."))
        numbers = [form.cleaned_data["number"] for form in self.filled]
        refused = refusals(self.session, self.organisation, numbers)
        seen: set[str] = set()
        for form in self.filled:
            number = form.cleaned_data["number"]
            if number in seen:
                form.add_error("number", _("This number stands in the list twice."))
            elif number in refused:
                form.add_error("number", refused[number])
            seen.add(number)


def entry_forms(session: Session, organisation: Organisation, data: Any) -> Entries:
    made: type[Any] = formset_factory(EntryForm, formset=Entries, extra=3, max_num=50)
    found: Entries = made(data, prefix="people", session=session, organisation=organisation)
    return found


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("reason"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
