"""What becomes of a proposed term."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.skillmap.models import Candidate
from silian.industry.occupations.models import Skill
from silian.industry.occupations.services import refuse_taken


class AddForm(forms.Form):
    """The term as a new skill."""

    name_zh = forms.CharField(label=_("name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("name in English"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("kind"), choices=Skill.Kind.choices)

    def __init__(self, data: Any = None, *, candidate: Candidate) -> None:
        known = {"name_zh": candidate.text, "kind": candidate.kind}
        super().__init__(data, initial=known, prefix="add")

    def clean_name_zh(self) -> str:
        return self._free("name_zh")

    def clean_name_en(self) -> str:
        return self._free("name_en")

    def _free(self, field: str) -> str:
        word: str = self.cleaned_data[field].strip()
        refuse_taken([word])
        return word


class SynonymForm(forms.Form):
    """The term as another word for a skill that is known."""

    skill = forms.ModelChoiceField(
        Skill.objects.none(),
        label=_("the skill it means"),
        widget=forms.Select(attrs={"data-search": ""}),
    )

    def __init__(self, data: Any = None, *, skills: QuerySet[Skill]) -> None:
        super().__init__(data, prefix="synonym")
        self.fields["skill"].queryset = skills  # type: ignore[attr-defined]
