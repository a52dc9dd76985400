"""A skill as a form."""

from django import forms

from silian.industry.occupations.models import Skill


class SkillForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Skill
        fields = ["name_zh", "name_en", "kind"]
