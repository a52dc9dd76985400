"""Skills from a spreadsheet: a known one is brought up to date."""

from collections.abc import Iterable, Sequence

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.industry.occupations import policy, services
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict

EVERYWHERE = "all"


class SkillRow(forms.Form):
    name_zh = forms.CharField(label=_("name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("name in English"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("kind"), choices=Skill.Kind.choices)


@register
class Skills(Sheet[str]):
    name = "occupations.skills"
    title = _("Skills")
    lead = _("A skill whose Chinese name is known already is brought up to date.")
    row_form = SkillRow
    examples = {"name_zh": "数控编程", "name_en": "CNC programming", "kind": Skill.Kind.SKILL}

    def scope_from(self, text: str) -> str | None:
        return text if text == EVERYWHERE else None

    def permitted(self, user: User, scope: str) -> Verdict:
        return policy.may_keep(user)

    def check(self, rows: Sequence[Row], scope: str) -> Iterable[Finding]:
        first: dict[str, int] = {}
        for row in rows:
            earlier = first.setdefault(row["name_zh"], row.number)
            if earlier != row.number:
                message = _("Row %(row)s has the same name.") % {"row": earlier}
                yield row.number, "name_zh", str(message)

    def save(self, rows: Sequence[Row], scope: str, *, by: User, progress: Progress) -> int:
        saved = services.enter_skills([row.data for row in rows], by=by)
        progress(saved)
        return saved

    def done_url(self, scope: str) -> str:
        return reverse("occupations:skill_index")
