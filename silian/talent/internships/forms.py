"""An internship, what may change on its way, its offer and its end, as forms."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.ui.widgets import DayInput
from silian.talent.internships.models import SCHEME, Internship
from silian.talent.profiles.models import Student
from silian.talent.safeguards.models import Policy

WEIGHTS = {
    "attendance": gettext_lazy("attendance, percent"),
    "process": gettext_lazy("process, percent"),
    "result": gettext_lazy("result, percent"),
}
WORK = "post place tasks category post_staff labour_grade hazardous barred_minors barred_women"
TIME = "starts_on ends_on hours_a_day hours_a_week night_shifts overtime rest_days exemption"
PAY = "independent pay wage probation_wage pay_form pay_cycle payee charges agent"
PEOPLE = "school_mentor unit_mentor insurance guardian_name guardian_email"


class AdjustForm(forms.ModelForm):  # type: ignore[type-arg]
    """Mentors and insurance, which may change on the way."""

    class Meta:
        model = Internship
        fields = ["school_mentor", "unit_mentor", "insurance"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        internship = self.instance
        sides = (internship.student.school_id, internship.unit_id)
        for name, side in (("school_mentor", sides[0]), ("unit_mentor", sides[1])):
            field: Any = self.fields[name]
            field.queryset, field.label_from_instance = mentors_of(side), _named
        held = Policy.objects.filter(holder__in=[side for side in sides if side])
        self.fields["insurance"].queryset = held  # type: ignore[attr-defined]


def mentors_of(organisation: int | None) -> QuerySet[User]:
    roles = Role.objects.running().filter(organisation=organisation)
    guiding = roles.exclude(kind=Role.Kind.STUDENT).values("user")
    return User.objects.filter(is_active=True, pk__in=guiding).order_by("name", "pk")


def _named(user: User) -> str:
    return f"{user.name} ({user.username})"


class InternshipForm(AdjustForm):
    """All facts that the rules look at; what they forbid is said on the internship's page."""

    class Meta(AdjustForm.Meta):
        fields = f"kind {WORK} {TIME} {PAY} {PEOPLE}".split()
        widgets = {
            "starts_on": DayInput(),
            "ends_on": DayInput(),
            "tasks": forms.Textarea(attrs={"rows": 4}),
            "exemption": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "category": gettext_lazy(
                "The first two digits, where the position names no programme."
            ),
            "exemption": gettext_lazy("Only where the programme or the post truly needs it."),
            "agent": gettext_lazy("Leave it empty: none may take part."),
            "guardian_email": gettext_lazy(
                "A personal link to sign is sent there; empty: on paper."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in WEIGHTS.items():
            initial = self.instance.scheme.get(name, SCHEME[name])
            self.fields[name] = forms.IntegerField(
                label=label, initial=initial, min_value=0, max_value=100
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("When"), *_rows(TIME)),
            Fieldset(_("What is done"), *_rows(f"kind {WORK}")),
            Fieldset(_("Pay and charges"), *_rows(PAY)),
            Fieldset(_("Who takes care"), *_rows(PEOPLE)),
            Fieldset(_("How it is assessed"), *_rows(" ".join(WEIGHTS))),
        )

    def clean(self) -> dict[str, Any]:
        data = _ends_after_it_starts(self, super().clean())
        self.instance.scheme = {name: data.get(name) or 0 for name in WEIGHTS}
        return data


class NewForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who goes where, when and to do what; all else follows on the next page."""

    number = forms.CharField(label=gettext_lazy("student number"), max_length=30)

    class Meta:
        model = Internship
        fields = "unit kind post starts_on ends_on".split()
        widgets = {
            "unit": forms.Select(attrs={"data-search": ""}),
            "starts_on": DayInput(),
            "ends_on": DayInput(),
        }

    def __init__(
        self, schools: QuerySet[Organisation], units: QuerySet[Organisation], *args: Any, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.schools = schools
        self.order_fields(["number", *self.Meta.fields])
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return _ends_after_it_starts(self, super().clean())

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        rows = Student.objects.filter(school__in=self.schools, number=number)
        student = rows.filter(state=Student.State.ENROLLED).select_related("person").first()
        if student is None:
            raise ValidationError(_("No enrolled student of your school has this number."))
        self.instance.student = student
        self.instance.guardian_name = student.person.guardian_name
        self.instance.guardian_email = student.person.guardian_email
        return number


def _ends_after_it_starts(form: Any, data: dict[str, Any] | None) -> dict[str, Any]:
    data = data or {}
    starts, ends = data.get("starts_on"), data.get("ends_on")
    if starts and ends and ends <= starts:
        form.add_error("ends_on", _("This is not after the first day."))
    return data


class BreakOffForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("last day"), widget=DayInput())
    why = forms.CharField(
        label=gettext_lazy("reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, internship: Internship, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.internship = internship
        self.fields["on"].initial = clock.today

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise ValidationError(_("This day is in the future."))
        if day < self.internship.starts_on:
            raise ValidationError(_("This is before the first day."))
        return day


def _rows(names: str) -> list[Row]:
    """Two fields a row."""
    words = names.split()
    pairs = [words[n : n + 2] for n in range(0, len(words), 2)]
    return [Row(*(Column(name, css_class="col-md-6") for name in pair)) for pair in pairs]
