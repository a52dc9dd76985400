"""How strictly a rule is applied, and with which numbers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.agreements.models import RuleSetting
from silian.talent.statutes.rules import Rule

LABELS = {"percent": gettext_lazy("at most, percent")}


class RuleForm(forms.Form):
    level = forms.ChoiceField(label=gettext_lazy("level"), choices=RuleSetting.Level.choices)

    def __init__(self, rule: Rule, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.fields["level"].initial = rule.level
        for name, value in rule.numbers.items():
            label = LABELS.get(name, name)
            self.fields[name] = forms.IntegerField(
                label=label, initial=value, min_value=0, max_value=100
            )

    def clean_percent(self) -> int:
        percent: int = self.cleaned_data["percent"]
        if percent == 0:
            raise forms.ValidationError(_("Then nobody could be an intern."))
        return percent

    def numbers(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in self.rule.numbers}
