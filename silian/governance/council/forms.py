"""Filling a seat, leaving it, and putting off the re-election, as forms."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from silian.governance.council import policy, standing
from silian.governance.council.models import Seat, Term
from silian.governance.council.services import rest_of_term
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.ui.widgets import DayInput


class PersonForm(forms.Form):
    """Who: a name, and the account where the person has one in the unit."""

    person = forms.CharField(label=_("person"), max_length=100)
    user = forms.CharField(
        label=_("account"),
        required=False,
        max_length=150,
        help_text=_(
            "User name or e-mail of a person of the unit. With it this person alone votes for the"
            " unit; without it anybody who acts for the unit does."
        ),
    )

    def clean_user(self) -> User | None:
        typed = self.cleaned_data["user"].strip()
        if not typed:
            return None
        found = User.objects.filter(Q(username=typed) | Q(email__iexact=typed), is_active=True)
        if len(found) != 1:
            raise ValidationError(_("Nobody with this user name or e-mail has an account."))
        return found[0]

    def check_unit(self, unit: Organisation | None) -> None:
        """The account must be one of the unit's people."""
        user = self.cleaned_data.get("user")
        if not (user and unit):
            return
        if not Role.objects.running().filter(user=user, organisation=unit).exists():
            self.add_error("user", _("This account holds no role in the unit."))


class FillForm(PersonForm):
    """Somebody for a vacant seat, by appointment or by co-option."""

    how = forms.ChoiceField(
        label=_("how"),
        choices=[(how.value, how.label) for how in (Term.How.APPOINTED, Term.How.CO_OPTED)],
        help_text=_("Who is co-opted serves the rest of the term of whoever left."),
    )
    organisation = forms.ModelChoiceField(
        label=_("unit"),
        queryset=Organisation.objects.none(),
        widget=forms.Select(attrs={"data-search": ""}),
        help_text=_("Current members of the kind that the seat is kept for."),
    )
    basis = forms.CharField(
        label=_("basis"), max_length=200, help_text=_("The decision or letter, with its day.")
    )
    start = forms.DateField(label=_("from"), widget=DayInput())
    until = forms.DateField(
        label=_("until"),
        widget=DayInput(),
        required=False,
        help_text=_("The first day it no longer runs. Empty: as the charter says."),
    )
    why = forms.CharField(
        label=_("reason"),
        max_length=300,
        required=False,
        help_text=_("Only where a warning asks for it."),
    )
    field_order = "how organisation person user basis start until why".split()

    def __init__(self, seat: Seat, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat = seat
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = policy.candidates_for(seat)
        self.fields["start"].initial = clock.today
        if not rest_of_term(seat, clock.today()):
            self.fields["how"].initial = Term.How.APPOINTED

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unit, person, start = data.get("organisation"), data.get("person"), data.get("start")
        self.check_unit(unit)
        if start and data.get("how") == Term.How.CO_OPTED and not rest_of_term(self.seat, start):
            self.add_error("how", _("Nobody left this seat before the end of a term."))
        if start and data.get("until") and data["until"] <= start:
            self.add_error("until", _("A term ends after it starts."))
        if unit and person and start and not data.get("why"):
            for warning in standing.warnings(self.seat, unit, person, data.get("user"), start):
                self.add_error(
                    "why", _("%(warning)s Say why it is right nonetheless.") % {"warning": warning}
                )
        return data

    def facts(self) -> dict[str, Any]:
        """For the service of its ``how``."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "how"}
        return given if given["until"] else {k: v for k, v in given.items() if k != "until"}


class LeaveForm(forms.Form):
    """From when on the seat is empty, and why."""

    on = forms.DateField(
        label=_("takes effect on"),
        widget=DayInput(),
        help_text=_("The first day on which it no longer runs."),
    )
    why = forms.CharField(
        label=_("reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("With the letter or the decision it rests on. It is public."),
    )

    def __init__(self, term: Term, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term = term
        self.fields["on"].initial = clock.today

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day < self.term.start:
            raise ValidationError(_("The term had not begun then."))
        if self.term.end and day > self.term.end:
            raise ValidationError(_("The term is over by then anyway."))
        return day


class ReplaceForm(LeaveForm, PersonForm):
    field_order = ["person", "user", "on", "why"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.check_unit(self.term.organisation)
        return data


class PostponeForm(forms.Form):
    until = forms.DateField(
        label=_("terms run on until"),
        widget=DayInput(),
        help_text=_("At most a year after their time."),
    )
    basis = forms.CharField(
        label=_("basis"), max_length=200, help_text=_("The decision or letter, with its day.")
    )

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day <= clock.today():
            raise ValidationError(_("This day has passed."))
        return day


class AlignForm(forms.Form):
    why = forms.CharField(label=_("reason"), max_length=300)
