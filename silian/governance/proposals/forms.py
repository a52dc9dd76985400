"""An application for a body, and what reviewers think of it, as forms."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.bodies.models import Body
from silian.governance.bodies.policy import name_is_taken
from silian.governance.bodykinds.fields import add_questions, answers_in
from silian.governance.members.models import Organisation
from silian.governance.proposals import policy
from silian.governance.proposals.models import Opinion


class ProposalForm(forms.ModelForm):  # type: ignore[type-arg]
    """A draft may lack much; with ``complete`` it must say all that its kind asks for."""

    class Meta:
        model = Body
        fields = [
            *"host name_zh name_en cluster co_builders about_zh about_en plan".split(),
        ]
        widgets = {
            "co_builders": forms.SelectMultiple(attrs={"data-search": ""}),
            "about_zh": forms.Textarea(attrs={"rows": 4}),
            "about_en": forms.Textarea(attrs={"rows": 4}),
            "plan": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "about_zh": _("Stands on its public page. Markdown can be used."),
            "plan": _("Aims, steps, means and results to expect; for the reviewers."),
        }

    def __init__(
        self,
        *args: Any,
        applicants: QuerySet[Organisation],
        members: QuerySet[Organisation],
        complete: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.complete, body = complete, self.instance
        hosts = [one for one in applicants if body.kind.takes(one)]
        self._offer("host", applicants.filter(pk__in=[one.pk for one in hosts]))
        self.fields["host"].required = True
        self.initial["host"] = body.host_id or (hosts[0].pk if len(hosts) == 1 else None)
        self._offer("co_builders", members)
        self._offer("cluster", body.consortium.clusters.all())
        questions = add_questions(self, body.kind, body.answers)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What it is"),
                _pair("name_zh", "name_en"),
                _pair("host", "cluster"),
                "co_builders",
            ),
            Fieldset(body.kind.name, *questions),
            Fieldset(_("What it does"), "about_zh", "about_en", "plan"),
        )

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = rows

    def clean_name_zh(self) -> str:
        name: str = self.cleaned_data["name_zh"]
        if name_is_taken(self.instance, name):
            raise ValidationError(_("There is a body of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("host") in (data.get("co_builders") or []):
            self.add_error("co_builders", _("The host need not be named again here."))
        self.instance.answers = answers_in(data)
        if self.complete:
            self.instance.plan = data.get("plan") or ""
            for name in policy.lacking(self.instance):
                if not self.has_error(name):
                    self.add_error(name, _("Needed before the application can be handed in."))
        return data


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


class OpinionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Opinion
        fields = ["view", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
