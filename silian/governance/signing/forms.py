"""Who signs, in which order and until when, as forms."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.agreements.models import Agreement
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import acts_for
from silian.governance.signing.models import Process, Signatory
from silian.governance.signing.policy import people_of_parties
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.ui.widgets import DayInput


def _person_label(user: User) -> str:
    return f"{user.name} ({user.username})"


class SignatoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """One signatory of a party of ``agreement``."""

    class Meta:
        model = Signatory
        fields = "organisation user name title order method".split()
        widgets = {"order": forms.NumberInput(attrs={"min": 1, "max": 99})}

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parties = Organisation.objects.filter(party__agreement=agreement)
        self.fields["organisation"].queryset = parties.order_by("party__order")  # type: ignore[attr-defined]
        user = self.fields["user"]
        user.queryset = people_of_parties(agreement)  # type: ignore[attr-defined]
        user.label_from_instance = _person_label  # type: ignore[attr-defined]
        self.fields["name"].required = False  # an account brings its name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        user, organisation = data.get("user"), data.get("organisation")
        if user and organisation and not acts_for(user, organisation):
            self.add_error("user", _("This person does not act for this party."))
        if not user and data.get("method") == "electronic":
            self.add_error("user", _("Who signs on screen needs an account."))
        data["name"] = data.get("name") or (user.name if user else "")
        if not data["name"]:
            self.add_error("name", _("Give a name, or choose an account."))
        return data


class SignatorySet(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of all signatories; nobody twice."""

    def clean(self) -> None:
        if any(self.errors):
            return
        rows = self.signatories()
        if not rows:
            raise ValidationError(_("Somebody has to sign."))
        people = [row.user for row in rows if row.user]
        names = [(row.organisation_id, row.name) for row in rows]
        if len(set(people)) < len(people) or len(set(names)) < len(names):
            raise ValidationError(_("A signatory is named twice."))

    def signatories(self) -> Sequence[Signatory]:
        kept = [form for form in self.forms if form not in self.deleted_forms]
        rows = [form.cleaned_data for form in kept if form.cleaned_data]
        return [Signatory(**{k: v for k, v in row.items() if k != "DELETE"}) for row in rows]


Signatories = forms.formset_factory(
    SignatoryForm, formset=SignatorySet, extra=0, can_delete=True, max_num=200
)


class OrderForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the signing goes."""

    class Meta:
        model = Process
        fields = ["ordered", "deadline"]
        widgets = {"deadline": DayInput()}
        labels = {"ordered": gettext_lazy("One group after the other, by their numbers")}
        help_texts = {"deadline": gettext_lazy("Without a day nothing expires.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_deadline(self) -> date | None:
        day: date | None = self.cleaned_data["deadline"]
        if day and day < clock.today():
            raise ValidationError(_("This day has passed."))
        return day


class DeadlineForm(OrderForm):
    class Meta(OrderForm.Meta):
        fields = ["deadline"]


class ReplaceForm(SignatoryForm):
    """Somebody else for the same party, and why."""

    why = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta(SignatoryForm.Meta):
        fields = "organisation user name title method".split()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].disabled = True
