"""Students from a spreadsheet: who has a known number is brought up to date."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.codes.checks import validate_student_number
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.sheets.fields import LookupField, Named, NumberOfPersonField, same_numbers
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict
from silian.talent.profiles import enrolling, policy, services


def programmes() -> Named:
    """Every programme by its code and by its name."""
    for code in Code.objects.current(CodeList.Kind.PROGRAMME).order_by("-code"):
        yield code.name_zh, code
        yield code.code, code


class StudentRow(forms.Form):
    number = forms.CharField(
        label=_("student number"), max_length=30, validators=[validate_student_number]
    )
    name = forms.CharField(label=_("full name"), max_length=100)
    id_number = NumberOfPersonField(
        label=_("ID card number"),
        required=False,
        help_text=_("Kept encrypted and shown masked. It brings together who is known already."),
    )
    programme = LookupField(programmes, label=_("programme"))
    class_name = forms.CharField(label=_("class"), max_length=60, required=False)
    entered = forms.IntegerField(label=_("year of entry"), min_value=1990, max_value=2100)
    graduates = forms.IntegerField(label=_("year of graduation"), min_value=1990, max_value=2100)
    points = forms.DecimalField(
        label=_("overall points"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
    )
    email = forms.EmailField(label=_("e-mail"), required=False)
    phone = forms.CharField(label=_("mobile phone"), max_length=20, required=False)
    guardian_name = forms.CharField(label=_("guardian"), max_length=100, required=False)
    guardian_phone = forms.CharField(label=_("guardian's phone"), max_length=20, required=False)
    guardian_email = forms.EmailField(label=_("guardian's e-mail"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        entered, graduates = data.get("entered"), data.get("graduates")
        if entered and graduates and graduates <= entered:
            self.add_error("graduates", _("This is not after the year of entry."))
        return data


@register
class Students(Sheet[Organisation]):
    name = "profiles.students"
    title = _("Students")
    lead = _(
        "A student whose number or ID card number is known already is brought up to date. The file "
        "is kept encrypted; ID card numbers are masked wherever it is shown."
    )
    row_form = StudentRow
    sealed = True
    examples = {
        "number": "2024010101",
        "name": "李某某",
        "class_name": "机电2401",
        "entered": 2024,
        "graduates": 2027,
        "points": "86.50",
    }

    def scope_from(self, text: str) -> Organisation | None:
        if not text.isdigit():
            return None
        schools = Organisation.objects.filter(kind__in=Organisation.SCHOOLS)
        return schools.filter(pk=text).first()

    def permitted(self, user: User, scope: Organisation) -> Verdict:
        return policy.may_keep(user, scope)

    def check(self, rows: Sequence[Row], scope: Organisation) -> Iterable[Finding]:
        yield from same_numbers(rows, "number")
        found = enrolling.compare([row.data for row in rows], scope)
        for index, field, text in enrolling.faults(found):
            yield rows[index].number, field, text

    def outlook(self, rows: Sequence[Row], scope: Organisation) -> Iterable[str]:
        found = enrolling.compare([row.data for row in rows], scope)
        yield ngettext("%(n)s new student", "%(n)s new students", found.new) % {"n": found.new}
        known = ngettext(
            "%(n)s known student is brought up to date",
            "%(n)s known students are brought up to date",
            found.known,
        )
        yield known % {"n": found.known}
        if found.missing:
            missing = ngettext(
                "%(n)s enrolled student is not in this file and stays enrolled until you say that "
                "they left or graduated",
                "%(n)s enrolled students are not in this file and stay enrolled until you say that "
                "they left or graduated",
                found.missing,
            )
            yield missing % {"n": found.missing}

    def save(
        self, rows: Sequence[Row], scope: Organisation, *, by: User, progress: Progress
    ) -> int:
        saved = services.enter_students([row.data for row in rows], school=scope, by=by)
        progress(saved)
        return saved

    def done_url(self, scope: Organisation) -> str:
        return reverse("profiles:student_index", args=[scope.pk])
