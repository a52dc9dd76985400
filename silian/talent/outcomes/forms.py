"""What became of each learner, one row a learner."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.kernel.ui.widgets import DayInput
from silian.talent.cohorts.models import Learner
from silian.talent.outcomes.entering import clean_outcome
from silian.talent.outcomes.models import Outcome


class OutcomeForm(forms.Form):
    fate = forms.ChoiceField(
        label=_("what became of them"), required=False, choices=[("", "—"), *Outcome.Fate.choices]
    )
    source = forms.ChoiceField(
        label=_("source"), required=False, choices=[("", "—"), *Outcome.Source.choices]
    )
    on = forms.DateField(label=_("as of"), widget=DayInput(), required=False)
    certificates = forms.IntegerField(
        label=_("certificates"), min_value=0, max_value=50, required=False
    )

    def __init__(self, learner: Learner, known: Outcome | None, data: Any = None) -> None:
        names = list(self.base_fields)
        initial = {name: getattr(known, name) for name in names} if known else {}
        initial.setdefault("on", clock.today())
        super().__init__(data, prefix=f"l{learner.pk}", initial=initial)
        self.learner = learner
        for name, field in self.fields.items():
            select = name in ("fate", "source")
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        clean_outcome(self)
        if data.get("fate") and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Say of which day this is true."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**data, "certificates": data["certificates"] or 0}


def outcome_forms(
    learners: Iterable[Learner], known: dict[int, Outcome], data: Any = None
) -> list[OutcomeForm]:
    return [OutcomeForm(learner, known.get(learner.pk), data) for learner in learners]
