"""The list of a lesson: one choice a learner."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.enrolments.models import Enrolment
from silian.education.rollcalls.models import Mark


class RollForm(forms.Form):
    def __init__(
        self, learners: Iterable[Enrolment], known: Mapping[int, Mark], data: Any = None
    ) -> None:
        super().__init__(data)
        self.learners = list(learners)
        for one in self.learners:
            mark = known.get(one.pk)
            self.fields[f"e{one.pk}"] = forms.ChoiceField(
                label=str(one.person),
                choices=[("", _("Not noted")), *Mark.Was.choices],
                required=False,
                initial=mark.was if mark else "",
                widget=forms.Select({"class": "form-select"}),
            )

    @property
    def rows(self) -> list[tuple[Enrolment, forms.BoundField]]:
        return [(one, self[f"e{one.pk}"]) for one in self.learners]

    @property
    def marks(self) -> dict[Enrolment, str]:
        return {one: self.cleaned_data[f"e{one.pk}"] for one in self.learners}
