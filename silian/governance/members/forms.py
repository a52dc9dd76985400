"""Organisations, applications and what the secretariat decides, as forms."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation, Review
from silian.kernel import clock
from silian.kernel.codes.checks import validate_mobile
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.widgets import DayInput, SearchSelect

SCHOOL_DATA = ["school_code", "student_count"]
ENTERPRISE_DATA = ["industry", "scale", "above_scale", "integration"]


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """All that can be said of an organisation; each group says whom it concerns."""

    region = CodeField(CodeList.Kind.REGION, label=_("region"), required=False)
    industry = CodeField(CodeList.Kind.INDUSTRY, label=_("industry"), required=False)

    class Meta:
        model = Organisation
        fields = [
            *"kind name_zh name_en short_name_zh short_name_en credit_code parent region".split(),
            *"address website staff_count about_zh about_en".split(),
            *SCHOOL_DATA,
            *ENTERPRISE_DATA,
        ]
        widgets = {
            "parent": SearchSelect("members:organisation_search"),
            "about_zh": forms.Textarea(attrs={"rows": 5}),
            "about_en": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {"credit_code": _("18 digits and capital letters.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("Who it is"),
                "kind",
                _pair("name_zh", "name_en"),
                _pair("short_name_zh", "short_name_en"),
                _pair("credit_code", "parent"),
            ),
            Fieldset(_("Where it is"), _pair("region", "address"), _pair("website", "staff_count")),
            Fieldset(_("Only for schools"), _pair("school_code", "student_count")),
            Fieldset(
                _("Only for enterprises"),
                _pair("industry", "scale"),
                _pair("integration", "above_scale"),
            ),
            Fieldset(_("What it does"), "about_zh", "about_en"),
        )

    def clean_credit_code(self) -> str | None:
        return self.cleaned_data["credit_code"] or None

    def clean_school_code(self) -> str | None:
        return self.cleaned_data["school_code"] or None

    def clean_parent(self) -> Organisation | None:
        parent: Organisation | None = self.cleaned_data["parent"]
        above = parent
        while above and self.instance.pk:
            if above.pk == self.instance.pk:
                raise ValidationError(_("An organisation cannot belong to one of its own."))
            above = above.parent
        return parent

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind and kind not in Organisation.SCHOOLS:
            self._refuse(SCHOOL_DATA, _("Only a school has this."))
        if kind and kind != Organisation.Kind.ENTERPRISE:
            self._refuse(ENTERPRISE_DATA, _("Only an enterprise has this."))
        return data

    def _refuse(self, names: list[str], message: Any) -> None:
        for name in names:
            if self.cleaned_data.get(name):
                self.add_error(name, message)


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


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
        widget=SearchSelect("members:organisation_search"),
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
