"""The level and the numbers of one rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.rulebook.models import RuleSetting
from silian.education.rulebook.rules import Rule

LABELS = {
    "least": _("at least"),
    "most": _("at most"),
    "percent": _("per cent"),
    "hours": _("hours"),
    "years": _("years"),
}


class RuleForm(forms.Form):
    level = forms.ChoiceField(label=_("level"), choices=RuleSetting.Level.choices)

    def __init__(self, rule: Rule, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.fields["level"].initial = rule.level
        if not rule.check:
            del self.fields["level"]
        for name, value in rule.parameters.items():
            most = 100 if name == "percent" else 10_000
            self.fields[name] = forms.IntegerField(
                label=LABELS[name], min_value=0, max_value=most, initial=value
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("least", 0) > data.get("most", data.get("least", 0)):
            self.add_error("most", _("This is below the lower end."))
        return data

    def numbers(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in self.rule.parameters}
