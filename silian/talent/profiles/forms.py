"""A student as a form."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.persons.identity import may_be_one, same_name
from silian.kernel.sheets.fields import NumberOfPersonField
from silian.talent.profiles.enrolling import GUARDIAN, known_numbers
from silian.talent.profiles.models import Student


class StudentForm(forms.ModelForm):  # type: ignore[type-arg]
    programme = CodeField(CodeList.Kind.PROGRAMME, label=_("programme"))
    id_number = NumberOfPersonField(label=_("ID card number"), required=False)
    guardian_name = forms.CharField(label=_("guardian"), max_length=100, required=False)
    guardian_phone = forms.CharField(label=_("guardian's phone"), max_length=20, required=False)
    guardian_email = forms.EmailField(label=_("guardian's e-mail"), required=False)

    class Meta:
        model = Student
        fields = "number name programme class_name entered graduates points email phone".split()
        help_texts = {"points": _("0 to 100, as the school counts them. They break ties.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.instance.person if self.instance.person_id else None
        kept = _("Kept encrypted: %(number)s. Leave empty to keep it.")
        self.fields["id_number"].help_text = (
            kept % {"number": person.id_masked} if person and person.id_sealed else ""
        )
        for name in GUARDIAN:
            self.initial[name] = getattr(person, name, "")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("Who it is"),
                _pair("number", "name"),
                _pair("id_number", None),
                _pair("email", "phone"),
            ),
            Fieldset(
                _("What they study"),
                _pair("programme", "class_name"),
                _pair("entered", "graduates"),
                _pair("points", None),
            ),
            Fieldset(
                _("Guardian, for those not of age"),
                _pair("guardian_name", "guardian_phone"),
                _pair("guardian_email", None),
            ),
        )

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        others = Student.objects.filter(school=self.instance.school, number=number)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another student has this number."))
        return number

    def clean_id_number(self) -> str:
        """No other student of the school may have it; who else does, is nothing to tell here."""
        number: str = self.cleaned_data["id_number"]
        school = self.instance.school
        holder = known_numbers(school, [number]).get(number) if number else None
        if holder and not holder.enrolments.filter(school=school).exists():
            return number
        if holder and not same_name(holder.name, self.cleaned_data.get("name", "")):
            raise forms.ValidationError(_("The name does not fit this ID card number. Check both."))
        known = self.instance.person if self.instance.person_id else None
        if holder and known and not may_be_one(known, holder):
            raise forms.ValidationError(
                _("This student number and this ID card number belong to two people.")
            )
        return number

    @property
    def guardian(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in GUARDIAN}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        entered, graduates = data.get("entered"), data.get("graduates")
        if entered and graduates and graduates <= entered:
            self.add_error("graduates", _("This is not after the year of entry."))
        points = data.get("points")
        if points is not None and not 0 <= points <= 100:
            self.add_error("points", _("Points are from 0 to 100."))
        return data


def _pair(left: str, right: str | None) -> Row:
    names = [name for name in (left, right) if name]
    return Row(*(Column(name, css_class="col-md-6") for name in names))
