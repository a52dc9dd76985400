"""What people change about accounts."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.kernel.accounts.adapters import MobileField
from silian.kernel.accounts.models import User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """One's own name, addresses and language."""

    phone = MobileField(
        label=_("mobile phone"), required=False, help_text=_("You can sign in with it.")
    )

    class Meta:
        model = User
        fields = ["name", "phone", "email", "language", "mail_notices"]

    def clean_phone(self) -> str | None:
        return self.cleaned_data["phone"] or None  # empty is unknown, and may repeat

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        others = User.objects.exclude(pk=self.instance.pk)
        if email and others.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Another account uses this e-mail address."))
        return email


class DutyForm(forms.Form):
    """Which of the three duties somebody holds."""

    duty = forms.ChoiceField(label=_("duty"), choices=User.Duty.choices, required=False)
    why = forms.CharField(label=_("reason"), max_length=300)


class PersonFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name, user name, phone or e-mail"), method="search")
    duty = django_filters.ChoiceFilter(choices=[c for c in User.Duty.choices if c[0]])
    is_active = django_filters.ChoiceFilter(
        label=_("account"), choices=[("true", _("Active")), ("false", _("Locked"))], method="locked"
    )

    class Meta:
        model = User
        fields = ["duty"]

    def search(self, rows: QuerySet[User], name: str, value: Any) -> QuerySet[User]:
        columns = ("name", "username", "phone", "email")
        found = Q()
        for column in columns:
            found |= Q(**{f"{column}__icontains": value})
        return rows.filter(found)

    def locked(self, rows: QuerySet[User], name: str, value: Any) -> QuerySet[User]:
        return rows.filter(is_active=value == "true")
