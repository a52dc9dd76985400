"""Items from a spreadsheet: tens of thousands in one job."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.education.banks.models import Bank
from silian.education.banks.policy import may_write
from silian.education.exchange import cells
from silian.education.items.entering import Entry, enter_items
from silian.education.questions.schema import Difficulty, Kind, Level, problems
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.sheets.fields import LookupField
from silian.kernel.sheets.registry import Progress, Row, Sheet, register
from silian.kernel.verdicts import Verdict

KINDS = [(kind.value, kind.label) for kind in Kind if kind != Kind.CASE]
HINTS = _("Letters of the right choices; 对 or 错; texts parted by | and places by ；")


def occupations() -> list[tuple[str, Code]]:
    """By code and by name."""
    rows = Code.objects.current(CodeList.Kind.OCCUPATION)
    return [(name, code) for code in rows for name in (code.code, code.name_zh, str(code))]


def skills() -> list[tuple[str, Skill]]:
    return [
        (word, skill)
        for skill in Skill.objects.all()
        for word in (skill.name_zh, skill.name_en)
        if word
    ]


class ItemRow(forms.Form):
    """One row; ``check`` of the schema says what is wrong, by column."""

    kind = forms.ChoiceField(label=_("kind"), choices=KINDS)
    text_zh = forms.CharField(label=_("question in Chinese"), max_length=5000)
    text_en = forms.CharField(label=_("question in English"), max_length=5000, required=False)
    answer = forms.CharField(label=_("answer"), max_length=1000, required=False, help_text=HINTS)
    tolerance = forms.CharField(label=_("tolerance"), max_length=40, required=False)
    unit = forms.CharField(label=_("unit of measurement"), max_length=20, required=False)
    level = forms.ChoiceField(label=_("skill level"), choices=Level.choices)
    difficulty = forms.ChoiceField(label=_("difficulty"), choices=Difficulty.choices)
    explanation_zh = forms.CharField(label=_("explanation in Chinese"), required=False)
    explanation_en = forms.CharField(label=_("explanation in English"), required=False)

    def __init__(self) -> None:
        super().__init__()
        for place, name in enumerate(cells.CHOICES):
            label = _("choice %(letter)s") % {"letter": "ABCDEFGH"[place]}
            self.fields[name] = forms.CharField(label=label, max_length=1100, required=False)
        self.fields["occupation"] = LookupField(occupations, label=_("occupation"))
        self.fields["skills"] = LookupField(skills, many=True, required=False, label=_("skills"))
        self.order_fields(cells.COLUMN_ORDER)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            content, key = cells.asked(data["kind"], data)
        except cells.Unclear as unclear:
            self.add_error(unclear.column, unclear.reason)
            return data
        for problem in problems(content, key):
            self.add_error(self._column(problem.field), problem.message)
        return data

    def _column(self, field: str) -> str:
        """Which column holds what the schema speaks of."""
        name, _dot, number = field.partition(".")
        if name == "choices" and number and int(number) <= len(cells.CHOICES):
            return cells.CHOICES[int(number) - 1]
        known = {"text": "text_zh", "key": "answer", "choices": "choice_a", "targets": "choice_a"}
        return known.get(name, name if name in self.fields else "kind")


def entry_of(row: dict[str, Any]) -> Entry:
    content, key = cells.asked(row["kind"], row)
    return Entry(
        content=content,
        key=key,
        occupation=row["occupation"],
        level=row["level"],
        difficulty=int(row["difficulty"]),
        skills=list(dict.fromkeys(row["skills"])),
        explanation_zh=row["explanation_zh"],
        explanation_en=row["explanation_en"],
    )


@register
class ItemSheet(Sheet[Bank]):
    name = "exchange.items"
    title = _("Items")
    lead = _(
        "One row an item; it becomes a draft of yours. English stands behind || in the cells of "
        "choices; pairs to match are written as left => right."
    )
    row_form = ItemRow
    sealed = True  # right answers stand in it
    examples = {
        "kind": Kind.SINGLE,
        "text_zh": "（示例）数控车床上，刀具半径左补偿使用哪个指令？",
        "choice_a": "G40",
        "choice_b": "G41",
        "choice_c": "G42",
        "choice_d": "G43",
        "answer": "B",
        "occupation": "6-18-01-07",
        "level": Level.FOUR,
        "difficulty": Difficulty.EASY,
    }

    def scope_from(self, text: str) -> Bank | None:
        rows = Bank.objects.select_related("consortium")
        return rows.filter(pk=int(text)).first() if text.isdecimal() else None

    def permitted(self, user: User, scope: Bank) -> Verdict:
        return may_write(user, scope)

    def save(self, rows: Sequence[Row], scope: Bank, *, by: User, progress: Progress) -> int:
        entries = [entry_of(row.data) for row in rows]
        return len(enter_items(scope, entries, by=by, progress=progress))

    def done_url(self, scope: Bank) -> str:
        index = reverse("items:item_index", args=[scope.consortium])
        return f"{index}?bank={scope.pk}&state=draft"
