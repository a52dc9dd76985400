"""The units of a draft from a spreadsheet."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.authoring import policy
from silian.education.standards.models import Edition, Standard, Unit
from silian.education.units import services
from silian.industry.demand.models import SkillNeed
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.sheets.fields import LookupField, Named, split_names
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict


def skills() -> Named:
    for skill in Skill.objects.all():
        if skill.name_en:
            yield skill.name_en, skill
        yield skill.name_zh, skill


class SkillsField(LookupField):
    """Skills with their level: ``数控编程 3、机械制图``; without a number it is 2."""

    def clean(self, value: Any) -> dict[Skill, int]:
        found: dict[Skill, int] = {}
        for said in split_names(forms.CharField.clean(self, value)):
            name, level = said, int(SkillNeed.Level.GUIDED)
            if said[-1] in "1234" and said[:-1].strip():
                name, level = said[:-1].strip(" :("), int(said[-1])
            found[self.find(name)] = level
        return found


class UnitRow(forms.Form):
    title_zh = forms.CharField(label=_("title in Chinese"), max_length=150)
    title_en = forms.CharField(label=_("title in English"), max_length=200, required=False)
    theory_hours = forms.IntegerField(label=_("hours of theory"), min_value=0, max_value=5000)
    practice_hours = forms.IntegerField(label=_("hours of practice"), min_value=0, max_value=5000)
    credits = forms.DecimalField(label=_("credits"), min_value=0, max_digits=4, decimal_places=1)
    part = forms.ChoiceField(
        label=_("part of the plan"), choices=[("", ""), *Unit.Part.choices], required=False
    )
    term = forms.IntegerField(label=_("term"), min_value=1, max_value=16, required=False)
    skills = SkillsField(skills, label=_("skills"), required=False)
    text = forms.CharField(label=_("content"), required=False)

    def __init__(self, plan: bool = False) -> None:
        super().__init__()
        self.fields["part"].required = plan


@register
class Units(Sheet[Edition]):
    name = "standards.units"
    title = _("Units")
    lead = _("A unit whose title the draft has already is brought up to date; others come after.")
    row_form = UnitRow
    examples = {
        "title_zh": "数控车削",
        "theory_hours": 16,
        "practice_hours": 48,
        "credits": "4.0",
        "part": Unit.Part.PROFESSIONAL,
        "term": 3,
        "skills": "",
    }

    def scope_from(self, text: str) -> Edition | None:
        if not text.isdecimal() or len(text) > 18:
            return None
        rows = Edition.objects.select_related("standard__consortium", "standard__programme")
        return rows.filter(pk=text).first()

    def permitted(self, user: User, scope: Edition) -> Verdict:
        return policy.may_write(user, scope)

    def form(self, scope: Edition) -> forms.Form:
        return UnitRow(plan=scope.standard.kind == Standard.Kind.PLAN)

    def check(self, rows: Sequence[Row], scope: Edition) -> Iterable[Finding]:
        first: dict[str, int] = {}
        for row in rows:
            earlier = first.setdefault(row["title_zh"], row.number)
            if earlier != row.number:
                said = _("Row %(row)s says this already.") % {"row": earlier}
                yield row.number, "title_zh", str(said)

    def save(self, rows: Sequence[Row], scope: Edition, *, by: User, progress: Progress) -> int:
        if not policy.may_write(by, scope):
            raise ValidationError(_("Only a draft can be changed."))
        side = policy.side_of(by, scope)
        saved = services.enter_units(scope, [row.data for row in rows], by=by, side=side)
        progress(saved)
        return saved

    def done_url(self, scope: Edition) -> str:
        place = [scope.standard.consortium, scope.standard_id, scope.number]
        return reverse("units:unit_index", args=place)
