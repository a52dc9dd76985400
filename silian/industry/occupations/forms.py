"""A skill as a form, and the choice of what a double is merged into."""

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.industry.occupations.models import Skill
from silian.industry.occupations.services import refuse_taken
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList


class SkillForm(forms.ModelForm):  # type: ignore[type-arg]
    synonyms = forms.CharField(
        label=_("synonyms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Other words for it in Chinese or English, one on each line."),
    )
    occupations = CodeField(
        CodeList.Kind.OCCUPATION, multiple=True, label=_("occupations"), required=False
    )

    class Meta:
        model = Skill
        fields = ["name_zh", "name_en", "kind", "synonyms", "about_zh", "about_en", "occupations"]
        widgets = {
            "about_zh": forms.Textarea(attrs={"rows": 2}),
            "about_en": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["synonyms"] = "\n".join(s.text for s in self.instance.synonyms.all())

    def clean_name_zh(self) -> str:
        return self._free("name_zh")

    def clean_name_en(self) -> str:
        return self._free("name_en")

    def clean_synonyms(self) -> list[str]:
        texts = [text.strip() for text in re.split(r"[\n、；;]", self.cleaned_data["synonyms"])]
        refuse_taken(texts, except_for=self.instance)
        return [text for text in texts if text]

    def _free(self, field: str) -> str:
        word: str = self.cleaned_data[field].strip()
        refuse_taken([word], except_for=self.instance)
        return word


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        Skill.objects.none(),
        label=_("the skill that stays"),
        widget=forms.Select(attrs={"data-search": ""}),
    )

    def __init__(self, *args: Any, skills: QuerySet[Skill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = skills  # type: ignore[attr-defined]
