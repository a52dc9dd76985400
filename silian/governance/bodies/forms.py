"""A body's data, its founding and end, and the people who serve in it, as forms."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.bodies import policy
from silian.governance.bodies.models import Appointment, Body
from silian.governance.bodies.services import term_after
from silian.governance.bodykinds.fields import add_questions, answers_in
from silian.governance.bodykinds.models import Kind
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.ui.widgets import DayInput, SearchSelect


class BodyForm(forms.ModelForm):  # type: ignore[type-arg]
    """``hosts`` is who can host and help to build: the current members.

    Once the body is there its kind stays, and the questions of its kind can be answered.
    """

    class Meta:
        model = Body
        fields = [
            *"kind name_zh name_en cluster host co_builders".split(),
            *"about_zh about_en rules_zh rules_en".split(),
        ]
        widgets = {
            "host": forms.Select(attrs={"data-search": ""}),
            "co_builders": forms.SelectMultiple(attrs={"data-search": ""}),
            **{
                name: forms.Textarea(attrs={"rows": 5})
                for name in "about_zh about_en rules_zh rules_en".split()
            },
        }
        help_texts = {
            "host": _("A current member. It can be named later, but before the founding."),
            "co_builders": _("Members that help to build it; any number."),
            "about_zh": _("Tasks, people, rules. Markdown can be used."),
            "rules_zh": _("Public. Markdown can be used."),
        }

    def __init__(self, hosts: QuerySet[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body = self.instance
        self._offer("host", hosts)
        self._offer("co_builders", self._with_former(hosts))
        self._offer("cluster", body.consortium.clusters.all())
        self.fields["host"].required = body.state == Body.State.RUNNING
        questions = self._ask_kind_or_its_questions()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What it is"),
                "cluster" if body.pk else _pair("kind", "cluster"),
                _pair("name_zh", "name_en"),
            ),
            Fieldset(_("Who carries it"), "host", "co_builders"),
            Fieldset(_("What it does"), "about_zh", "about_en", *questions),
            Fieldset(_("Its charter"), "rules_zh", "rules_en"),
        )

    def _ask_kind_or_its_questions(self) -> list[str]:
        body = self.instance
        if body.pk:
            del self.fields["kind"]
            return add_questions(self, body.kind, body.answers)
        self._offer("kind", Kind.objects.for_consortium(body.consortium).filter(is_open=True))
        return []

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def _with_former(self, hosts: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Those who help already stay, even where they have left since."""
        helping = self.instance.co_builders.values("pk") if self.instance.pk else []
        return Organisation.objects.filter(Q(pk__in=hosts.values("pk")) | Q(pk__in=helping))

    def clean_name_zh(self) -> str:
        name: str = self.cleaned_data["name_zh"]
        if policy.name_is_taken(self.instance, name):
            raise ValidationError(_("There is a body of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        host, kind = data.get("host"), data.get("kind") or getattr(self.instance, "kind", None)
        if host and host in (data.get("co_builders") or []):
            self.add_error("co_builders", _("The host need not be named again here."))
        if host and kind and "host" in self.changed_data and not kind.takes(host):
            kinds = {"kinds": "、".join(kind.host_names)}
            self.add_error("host", _("A body of this kind is hosted by: %(kinds)s.") % kinds)
        self.instance.answers = answers_in(data) if self.instance.pk else {}
        return data


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


class FoundForm(forms.ModelForm):  # type: ignore[type-arg]
    on = forms.DateField(label=_("founded on"), widget=DayInput())
    plaque = forms.BooleanField(
        label=_("issue the plaque to the host"),
        required=False,
        initial=True,
        help_text=_("It gets the next number of the year and stands in the public register."),
    )

    class Meta:
        model = Body
        fields = ["expires_on", "rules_zh", "rules_en"]
        widgets = {
            "expires_on": DayInput(),
            "rules_zh": forms.Textarea(attrs={"rows": 6}),
            "rules_en": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {"rules_zh": _("Public. Markdown can be used.")}

    field_order = ["on", "expires_on", "rules_zh", "rules_en", "plaque"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = {"years": self.instance.kind.term_years}
        self.fields["on"].initial = clock.today
        self.fields["expires_on"].help_text = (
            _("Empty: %(years)s years from the founding, as its kind says.") % years
        )

    def clean_on(self) -> date:
        return _past(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        on, ends = data.get("on"), data.get("expires_on")
        if on and ends and ends <= on:
            self.add_error("expires_on", _("This is before the day of its founding."))
        if on and not ends:
            data["expires_on"] = term_after(self.instance, on)
        return data


class CloseForm(forms.Form):
    on = forms.DateField(label=_("closed on"), widget=DayInput())
    why = forms.CharField(
        label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, body: Body, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body = body
        self.fields["on"].initial = clock.today

    def clean_on(self) -> date:
        day = _past(self.cleaned_data["on"])
        if self.body.founded_on and day < self.body.founded_on:
            raise ValidationError(_("This is before the day of its founding."))
        return day


class AppointmentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Appointment
        fields = "name role organisation unit title letter_number start end hidden".split()
        widgets = {
            "organisation": SearchSelect("directory:organisation_search"),
            "start": DayInput(),
            "end": DayInput(),
        }
        help_texts = {
            "organisation": _("Found by a part of its name."),
            "end": _("The first day on which it no longer runs. Empty: as long as the body."),
            "hidden": _("For somebody who does not agree to be named on the public page."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = self.instance.body.kind.roles.all()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            _pair("name", "role"),
            _pair("organisation", "unit"),
            _pair("title", "letter_number"),
            _pair("start", "end"),
            "hidden",
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if start and end and end <= start:
            self.add_error("end", _("It ends before it starts."))
        elif data.get("organisation") and data.get("unit"):
            self.add_error("unit", _("The unit is named already, from the directory."))
        elif not self.errors:
            self._ask_whether_free(data)
        return data

    def _ask_whether_free(self, data: dict[str, Any]) -> None:
        fault = policy.clash(self.instance, **{k: data[k] for k in "name role start end".split()})
        if fault:
            self.add_error(*fault)


class LeaveForm(forms.Form):
    on = forms.DateField(label=_("serves no longer from"), widget=DayInput())
    why = forms.CharField(label=_("reason"), max_length=300)

    def __init__(self, appointment: Appointment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.appointment = appointment
        self.fields["on"].initial = clock.today

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day < self.appointment.start:
            raise ValidationError(_("This is before the appointment began."))
        return day


def _past(day: date) -> date:
    if day > clock.today():
        raise ValidationError(_("This day is in the future."))
    return day
