"""Skills from a spreadsheet: a known one is brought up to date."""

from collections.abc import Iterable, Sequence

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.industry.occupations import policy, services
from silian.industry.occupations.models import Skill, Term, word_of
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.sheets.fields import LookupField, Named, split_names
from silian.kernel.sheets.registry import Finding, Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict

EVERYWHERE = "all"


def occupation_codes() -> Named:
    """Every occupation by its code and by its name."""
    for code in Code.objects.current(CodeList.Kind.OCCUPATION):
        yield code.code, code
        yield code.name_zh, code


class SkillRow(forms.Form):
    name_zh = forms.CharField(label=_("name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("name in English"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("kind"), choices=Skill.Kind.choices)
    synonyms = forms.CharField(label=_("synonyms"), required=False)
    occupations = LookupField(occupation_codes, label=_("occupations"), many=True, required=False)

    def clean_synonyms(self) -> list[str]:
        return split_names(self.cleaned_data["synonyms"])


@register
class Skills(Sheet[str]):
    name = "occupations.skills"
    title = _("Skills")
    lead = _("A skill whose Chinese name is known already is brought up to date.")
    row_form = SkillRow
    examples = {
        "name_zh": "数控编程",
        "name_en": "CNC programming",
        "kind": Skill.Kind.SKILL,
        "synonyms": "CNC编程、G代码",
    }

    def scope_from(self, text: str) -> str | None:
        return text if text == EVERYWHERE else None

    def permitted(self, user: User, scope: str) -> Verdict:
        return policy.may_keep(user)

    def check(self, rows: Sequence[Row], scope: str) -> Iterable[Finding]:
        """A word may stand for one skill only, in the file and beside what is kept already."""
        kept = dict(Term.objects.values_list("word", "skill__name_zh"))
        first: dict[str, int] = {}
        for row in rows:
            for field, text in self._words(row):
                word, name = word_of(text), row["name_zh"]
                earlier = first.setdefault(word, row.number)
                if earlier != row.number:
                    facts = {"row": earlier, "word": text}
                    yield row.number, field, str(_("Row %(row)s has “%(word)s” too.") % facts)
                elif kept.get(word, name) != name:
                    facts = {"word": text, "skill": kept[word]}
                    message = _("“%(word)s” already means the skill “%(skill)s”.") % facts
                    yield row.number, field, str(message)

    def _words(self, row: Row) -> Iterable[tuple[str, str]]:
        yield "name_zh", row["name_zh"]
        if row["name_en"]:
            yield "name_en", row["name_en"]
        for text in row["synonyms"]:
            yield "synonyms", text

    def save(self, rows: Sequence[Row], scope: str, *, by: User, progress: Progress) -> int:
        saved = services.enter_skills([row.data for row in rows], by=by)
        progress(saved)
        return saved

    def done_url(self, scope: str) -> str:
        return reverse("occupations:skill_index")
