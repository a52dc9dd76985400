"""Issuing plaques and setting how they are numbered."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.plaques.models import Numbering, Plaque
from silian.kernel import clock
from silian.kernel.ui.widgets import DayInput


class IssueForm(forms.ModelForm):  # type: ignore[type-arg]
    """One inscription for the chosen members, or for all of a grade that have none of it yet."""

    grade = forms.ChoiceField(
        label=_("all members of the grade"),
        required=False,
        choices=[("", "---------"), *Membership.Grade.choices],
    )
    holders = forms.ModelMultipleChoiceField(
        label=_("or these members"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-search": ""}),
    )

    class Meta:
        model = Plaque
        fields = ["inscription_zh", "inscription_en", "issued_on"]
        widgets = {"issued_on": DayInput()}

    def __init__(self, consortium: Consortium, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consortium = consortium
        field = self.fields["holders"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = self.members()
        self.initial.setdefault("issued_on", clock.today())

    def members(self) -> QuerySet[Organisation]:
        current = Membership.objects.current().filter(consortium=self.consortium)
        return Organisation.objects.filter(pk__in=current.values("organisation"))

    def clean_issued_on(self) -> date:
        day: date = self.cleaned_data["issued_on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("grade")) == bool(data.get("holders")):
            self.add_error("holders", _("Choose either a grade or members."))
        elif data.get("inscription_zh") and not self.chosen():
            self.add_error("grade", _("All members of this grade have this plaque."))
        return data

    def chosen(self) -> list[Organisation]:
        """Who gets one; somebody who has a valid one of this inscription gets no second."""
        data = self.cleaned_data
        if data["holders"]:
            return list(data["holders"])
        graded = Membership.objects.current().filter(
            consortium=self.consortium, grade=data["grade"]
        )
        same = {"consortium": self.consortium, "inscription_zh": data["inscription_zh"]}
        having = Plaque.objects.filter(**same, withdrawn_on=None)
        return list(
            Organisation.objects.filter(pk__in=graded.values("organisation")).exclude(
                pk__in=having.values("organisation")
            )
        )


class NumberingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Numbering
        fields = ["prefix", "digits"]
        help_texts = {"prefix": _("Before the year and the serial: PREFIX-2026-001.")}
