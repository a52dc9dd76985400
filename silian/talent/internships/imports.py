"""Internships from a spreadsheet. They are prepared only: the rules come afterwards, as always."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import LookupField, Named
from silian.kernel.sheets.registry import Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict
from silian.talent.internships import policy, services
from silian.talent.internships.models import Internship
from silian.talent.profiles.models import Student

OPTIONAL = """place category hours_a_day hours_a_week pay wage probation_wage labour_grade agent
guardian_name guardian_email""".split()


@dataclass(frozen=True)
class Place:
    """One school's internships in one consortium."""

    consortium: Consortium
    school: Organisation


def _units(units: QuerySet[Organisation]) -> Named:
    for unit in units:
        yield unit.name_zh, unit
        if unit.credit_code:
            yield unit.credit_code, unit


def _students(school: Organisation) -> Named:
    rows = Student.objects.filter(school=school, state=Student.State.ENROLLED)
    return ((student.number, student) for student in rows)


class InternshipRow(forms.ModelForm):  # type: ignore[type-arg]
    student = LookupField(tuple, label=gettext_lazy("student number"))
    unit = LookupField(tuple, label=gettext_lazy("unit"))

    class Meta:
        model = Internship
        fields = ["student", "unit", "kind", "post", "starts_on", "ends_on", "tasks", *OPTIONAL]
        required = ["tasks"]

    field_order = ["student", "unit"]

    def __init__(self, place: Place | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if place:
            fields: Any = self.fields
            fields["student"].entries = partial(_students, place.school)
            fields["unit"].entries = partial(_units, policy.units_of(place.consortium))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", _("This is not after the first day."))
        return data

    def _post_clean(self) -> None:
        """A row of a sheet is data; services make the internship."""


@register
class Internships(Sheet[Place]):
    name = "internships.internships"
    title = gettext_lazy("Internships")
    lead = gettext_lazy("They are prepared only; what the rules ask for is shown on each page.")
    row_form = InternshipRow
    examples = {
        "student": "2024010101",
        "unit": "某某有限公司",
        "kind": Internship.Kind.POST,
        "post": "装配钳工",
        "tasks": "装配、调试和检验",
        "category": "46",
        "hours_a_day": 8,
        "hours_a_week": 40,
        "pay": "3200.00",
        "wage": "4000.00",
        "labour_grade": 1,
    }

    def scope_from(self, text: str) -> Place | None:
        slug, _dot, key = text.partition(".")
        consortium = Consortium.objects.filter(slug=slug).first()
        school = Organisation.objects.filter(pk=key).first() if key.isdecimal() else None
        return Place(consortium, school) if consortium and school else None

    def form(self, scope: Place) -> forms.BaseForm:
        return InternshipRow(scope)

    def permitted(self, user: User, scope: Place) -> Verdict:
        if policy.schools_of(user, scope.consortium).filter(pk=scope.school.pk).exists():
            return policy.may_prepare(user, scope.consortium)
        return Verdict(_("Only a school's own staff can do this."))

    def save(self, rows: Sequence[Row], scope: Place, *, by: User, progress: Progress) -> int:
        for number, row in enumerate(rows, start=1):
            given = {name: value for name, value in row.data.items() if value not in (None, "")}
            services.save_internship(Internship(consortium=scope.consortium, **given), by=by)
            progress(number)
        return len(rows)

    def done_url(self, scope: Place) -> str:
        return reverse("internships:internship_index", args=[scope.consortium])
