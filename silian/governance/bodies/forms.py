"""A body's data, the day of its founding, and its end, as forms."""

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.bodies.models import Body
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.ui.widgets import DayInput


class BodyForm(forms.ModelForm):  # type: ignore[type-arg]
    """``hosts`` is who can host and help to build: the current members."""

    class Meta:
        model = Body
        fields = "kind name_zh name_en cluster host co_builders about_zh about_en".split()
        widgets = {
            "host": forms.Select(attrs={"data-search": ""}),
            "co_builders": forms.SelectMultiple(attrs={"data-search": ""}),
            "about_zh": forms.Textarea(attrs={"rows": 5}),
            "about_en": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "host": _("A current member. It can be named later, but before the founding."),
            "co_builders": _("Members that help to build it; any number."),
            "about_zh": _("Tasks, people, rules. Markdown can be used."),
        }

    def __init__(self, hosts: QuerySet[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("host", hosts)
        self._offer("co_builders", self._with_former(hosts))
        self._offer("cluster", self.instance.consortium.clusters.all())
        self.fields["host"].required = self.instance.state == Body.State.RUNNING
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("What it is"), _pair("kind", "cluster"), _pair("name_zh", "name_en")),
            Fieldset(_("Who carries it"), "host", "co_builders"),
            Fieldset(_("What it does"), "about_zh", "about_en"),
        )

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
        others = self.instance.consortium.bodies.exclude(pk=self.instance.pk)
        if others.filter(name_zh=name).exists():
            raise ValidationError(_("There is a body of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("host") and data["host"] in (data.get("co_builders") or []):
            self.add_error("co_builders", _("The host need not be named again here."))
        return data


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


class FoundForm(forms.Form):
    on = forms.DateField(label=_("founded on"), widget=DayInput())
    plaque = forms.BooleanField(
        label=_("issue the plaque to the host"),
        required=False,
        initial=True,
        help_text=_("It gets the next number of the year and stands in the public register."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today

    def clean_on(self) -> date:
        return _past(self.cleaned_data["on"])


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


def _past(day: date) -> date:
    if day > clock.today():
        raise ValidationError(_("This day is in the future."))
    return day
