"""Applications and what the secretariat decides, as forms."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation, Review
from silian.kernel import clock
from silian.kernel.codes.checks import validate_mobile
from silian.kernel.ui.widgets import DayInput, SearchSelect


class ApplicationForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Membership
        fields = ["statement", "contact_name", "contact_phone"]
        widgets = {"statement": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "statement": _("What your organisation brings and what it hopes for."),
            "contact_phone": _("Mobile phone, for the secretariat alone."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].required = True

    def clean_contact_phone(self) -> str:
        phone: str = self.cleaned_data["contact_phone"]
        validate_mobile(phone)
        return phone


class NewApplicationForm(ApplicationForm):
    """Also asks for which of one's organisations, where there are several."""

    class Meta(ApplicationForm.Meta):
        fields = ["organisation", *ApplicationForm.Meta.fields]

    def __init__(self, organisations: QuerySet[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = organisations
        field.empty_label = None
        field.initial = organisations.first()


class GradeForm(forms.Form):
    grade = forms.ChoiceField(label=_("grade"), choices=Membership.Grade.choices)
    part = forms.ChoiceField(label=_("part"), choices=Membership.Part.choices)


class RegradeForm(GradeForm):
    why = forms.CharField(label=_("reason"), max_length=300)


class AdmitForm(GradeForm):
    on = forms.DateField(label=_("member since"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"grade": "member", "part": "member", "on": clock.today()})
        super().__init__(*args, **kwargs)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        return day


class AddMemberForm(AdmitForm):
    organisation = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organisation.objects.none(),
        widget=SearchSelect("directory:organisation_search"),
    )
    founding = forms.BooleanField(label=_("founding member"), required=False)
    field_order = ["organisation", "grade", "part", "on", "founding"]

    def __init__(self, consortium: Consortium, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Membership.objects.running().filter(consortium=consortium)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.exclude(pk__in=members.values("organisation"))


class OpinionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Review
        fields = ["opinion", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
