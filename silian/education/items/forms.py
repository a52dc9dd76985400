"""An item as a form: one for every kind, with the rows that its kind needs."""

from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Fieldset, Layout, Row
from django import forms
from django.db.models import QuerySet
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from silian.education.banks.models import Bank
from silian.education.items.models import Item, Version
from silian.education.questions import building
from silian.education.questions.schema import (
    MOST_CHOICES,
    Difficulty,
    Kind,
    Level,
    Problem,
    problems,
)
from silian.industry.occupations.models import Skill
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.files.fields import UploadField
from silian.kernel.files.services import IMAGES

TEXT = forms.Textarea(attrs={"rows": 3})
ROWS = (Kind.SINGLE, Kind.MULTIPLE, Kind.ORDER, Kind.MATCH)  # kinds that have choices
ASKED = {  # fields of one kind alone
    "right": {Kind.TRUEFALSE},
    "accepted": {Kind.BLANK, Kind.SHORT},
    "value": {Kind.NUMBER},
    "tolerance": {Kind.NUMBER},
    "unit": {Kind.NUMBER},
}
HINTS = {
    Kind.BLANK: _("One line for each place to fill in; separate accepted texts by |"),
    Kind.SHORT: _("One accepted text a line. Without any, people mark the answers."),
}


class QuestionForm(forms.Form):
    """What is asked and what is right. Parts of a case have nothing else."""

    text_zh = forms.CharField(label=_("question in Chinese"), widget=TEXT)
    text_en = forms.CharField(label=_("question in English"), widget=TEXT, required=False)
    right = forms.TypedChoiceField(
        label=_("the statement is"),
        choices=[("1", _("True")), ("0", _("False"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    accepted = forms.CharField(label=_("accepted texts"), widget=TEXT, required=False)
    value = forms.CharField(label=_("right number"), max_length=40)
    tolerance = forms.CharField(label=_("tolerance"), max_length=40, required=False)
    unit = forms.CharField(label=_("unit of measurement"), max_length=20, required=False)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = Kind(kind)
        for name, kinds in ASKED.items():
            if self.kind not in kinds:
                del self.fields[name]
        if self.kind in HINTS:
            self.fields["accepted"].help_text = HINTS[self.kind]
        if self.kind == Kind.BLANK:
            self.fields["accepted"].required = True
            self.fields["text_zh"].help_text = _(
                "Mark each place to fill in by four low lines: ____"
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*self.groups())

    def groups(self) -> list[Any]:
        own = [name for name in ASKED if name in self.fields]
        numeric = self.kind == Kind.NUMBER
        return [
            Fieldset(_("Question"), Row(*(_half(n) for n in ("text_zh", "text_en")))),
            *([Row(*(_half(n) for n in own))] if numeric else own),
            HTML('{% if rows %}{% include "items/rows.html" %}{% endif %}'),
        ]

    def asked(self, rows: "BaseRows | None") -> building.Asked:
        """Content and key as typed; ``is_sound`` says what is wrong with them."""
        data = self.cleaned_data
        text = data["text_zh"], data["text_en"]
        lines = [line.strip() for line in data.get("accepted", "").splitlines() if line.strip()]
        makers: dict[str, Any] = {
            Kind.TRUEFALSE: lambda: building.judging(text, data["right"]),
            Kind.BLANK: lambda: building.filling(
                text, [[part.strip() for part in line.split("|") if part.strip()] for line in lines]
            ),
            Kind.SHORT: lambda: building.answering(text, lines),
            Kind.ESSAY: lambda: building.writing(text),
            Kind.CASE: lambda: building.case(text, []),
            Kind.NUMBER: lambda: building.measuring(
                text, data["value"], data["tolerance"], data["unit"]
            ),
        }
        return rows.asked(self.kind, text) if rows else makers[self.kind]()

    def is_sound(self, asked: building.Asked, rows: "BaseRows | None") -> bool:
        """Say beside its field what the schema does not like."""
        found = [p for p in problems(*asked) if not (self.kind == Kind.CASE and p.field == "parts")]
        for problem in found:
            if not (rows and rows.tell(problem)):
                self.add_error(self._field_of(problem), problem.message)
        return not found

    def _field_of(self, problem: Problem) -> str | None:
        name = problem.field.partition(".")[0]
        if name == "key":
            own = ("right", "accepted", "value")
            return next((field for field in own if field in self.fields), None)
        return {"text": "text_zh"}.get(name, name if name in self.fields else None)


class ItemForm(QuestionForm):
    """A whole item: the question, what it is about, a picture, the explanation."""

    bank = forms.ModelChoiceField(Bank.objects.none(), label=_("item bank"))
    occupation = CodeField(CodeList.Kind.OCCUPATION, min_level=3, label=_("occupation"))
    level = forms.ChoiceField(label=_("skill level"), choices=Level.choices)
    difficulty = forms.TypedChoiceField(
        label=_("difficulty"), choices=Difficulty.choices, coerce=int, initial=Difficulty.MIDDLE
    )
    skills = forms.ModelMultipleChoiceField(
        Skill.objects.all(), label=_("skills"), required=False,
        widget=forms.SelectMultiple(attrs={"data-search": ""}),
    )  # fmt: skip
    picture = UploadField(kinds=IMAGES, label=_("picture"), required=False)
    alt_zh = forms.CharField(label=_("what the picture shows"), max_length=200, required=False)
    unpictured = forms.BooleanField(label=_("take the pictures out"), required=False)
    explanation_zh = forms.CharField(
        label=_("explanation in Chinese"), widget=TEXT, required=False,
        help_text=_("Why it is right, or how people mark it. Candidates never see it."),
    )  # fmt: skip
    explanation_en = forms.CharField(label=_("explanation in English"), widget=TEXT, required=False)

    def __init__(
        self, kind: str, banks: QuerySet[Bank], *args: Any, pictured: bool = False, **kwargs: Any
    ) -> None:
        self.pictured = pictured
        super().__init__(kind, *args, **kwargs)
        self.fields["bank"].queryset = banks  # type: ignore[attr-defined]
        if len(banks) == 1:
            self.fields["bank"].empty_label = None  # type: ignore[attr-defined]
        if not pictured:
            del self.fields["unpictured"]

    def groups(self) -> list[Any]:
        picture = ["unpictured"] if self.pictured else []
        return [
            *super().groups(),
            Fieldset(_("Picture"), Row(_half("picture"), _half("alt_zh")), *picture),
            Fieldset(
                _("What it is about"),
                Row(_half("bank"), _half("occupation")),
                Row(_half("level"), _half("difficulty")),
                "skills",
            ),
            Fieldset(_("Why it is right"), Row(_half("explanation_zh"), _half("explanation_en"))),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("picture") and not data.get("alt_zh"):
            self.add_error("alt_zh", _("Say in words what the picture shows."))
        return data

    def fill(self, item: Item, version: Version, asked: building.Asked) -> None:
        """Everything but the picture goes into the rows."""
        data = self.cleaned_data
        for name in ("bank", "occupation", "level", "difficulty"):
            setattr(item, name, data[name])
        media = [] if data.get("unpictured") else (version.content or {}).get("media", [])
        parts = (
            {"parts": version.content["parts"]}
            if self.kind == Kind.CASE and version.content
            else {}
        )
        version.content, key = asked[0] | {"media": media} | parts, asked[1]
        version.key = version.key if parts else key
        version.explanation_zh, version.explanation_en = (
            data["explanation_zh"],
            data["explanation_en"],
        )


class RowForm(forms.Form):
    """A choice, a step, or a pair."""

    zh = forms.CharField(label=_("in Chinese"), max_length=500, required=False)
    en = forms.CharField(label=_("in English"), max_length=500, required=False)
    right = forms.BooleanField(label=_("right"), required=False)
    partner_zh = forms.CharField(label=_("partner in Chinese"), max_length=500, required=False)
    partner_en = forms.CharField(label=_("partner in English"), max_length=500, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind not in (Kind.SINGLE, Kind.MULTIPLE):
            del self.fields["right"]
        if kind != Kind.MATCH:
            del self.fields["partner_zh"], self.fields["partner_en"]


class BaseRows(BaseFormSet):  # type: ignore[type-arg]
    def filled(self) -> list[Any]:
        """The rows in which something stands."""
        return [
            f for f in self.forms if f.cleaned_data.get("zh") or f.cleaned_data.get("partner_zh")
        ]

    def asked(self, kind: str, text: building.Words) -> building.Asked:
        rows = [form.cleaned_data for form in self.filled()]
        words = [(row["zh"], row["en"]) for row in rows]
        if kind == Kind.ORDER:
            return building.ordering(text, words)
        if kind == Kind.MATCH:
            partners = [(row["partner_zh"], row["partner_en"]) for row in rows]
            both = list(zip(words, partners, strict=True))
            pairs = [(left, right) for left, right in both if left[0]]
            return building.matching(text, pairs, [right for left, right in both if not left[0]])
        rights = [row["right"] for row in rows]
        return building.choosing(kind, text, list(zip(words, rights, strict=True)))

    def tell(self, problem: Problem) -> bool:
        """Say beside its row what is wrong with it; False where it is about no one row."""
        name, _dot, number = problem.field.partition(".")
        rows = self.filled()
        if name != "choices" or not number or int(number) > len(rows):
            return False
        rows[int(number) - 1].add_error("zh", problem.message)
        return False  # said at the top as well


def rows_of(kind: str, data: Any, version: Version | None, part: int | None = None) -> Any:
    """The row set of a kind, filled with what stands in ``version`` or its part; or None."""
    if kind not in ROWS:
        return None
    made = cast(
        "type[BaseRows]",
        formset_factory(RowForm, formset=BaseRows, extra=0, max_num=MOST_CHOICES, min_num=4),
    )
    initial = initial_rows(*question_in(version, part)) if version else []
    return made(data, prefix="rows", initial=initial, form_kwargs={"kind": kind})


def question_in(version: Version, part: int | None) -> building.Asked:
    """What a version asks, or one part of its case."""
    if part is None:
        return version.content, version.key
    return version.content["parts"][part], version.key[part]


def initial_rows(content: dict[str, Any], key: Any) -> list[dict[str, Any]]:
    lefts, rights = building.by_id(content, "choices"), building.by_id(content, "targets")
    kind = content["kind"]
    if kind == Kind.ORDER:
        return [_cells(lefts[mark]) for mark in key]
    if kind == Kind.MATCH:
        pairs = [(words, key[mark]) for mark, words in lefts.items()]
        alone = [(("", ""), mark) for mark in rights if mark not in key.values()]
        return [
            _cells(words) | {"partner_zh": rights[mark][0], "partner_en": rights[mark][1]}
            for words, mark in pairs + alone
        ]
    chosen = key if isinstance(key, list) else [key]
    return [_cells(words) | {"right": mark in chosen} for mark, words in lefts.items()]


def initial_question(content: dict[str, Any], key: Any) -> dict[str, Any]:
    """What the form of a question begins with."""
    found: dict[str, Any] = {f"text_{code}": content["text"][code] for code in ("zh", "en")}
    kind = content["kind"]
    if kind == Kind.TRUEFALSE:
        found["right"] = "1" if key else "0"
    if kind == Kind.NUMBER:
        found |= key | {"unit": content["unit"]}
    if kind == Kind.BLANK:
        found["accepted"] = "\n".join("|".join(texts) for texts in key)
    if kind == Kind.SHORT:
        found["accepted"] = "\n".join(key)
    return found


class CommentForm(forms.Form):
    text = forms.CharField(label=_("comment"), widget=TEXT, max_length=2000)


def _cells(words: Sequence[str]) -> dict[str, Any]:
    return {"zh": words[0], "en": words[1]}


def _half(name: str) -> Column:
    return Column(name, css_class="col-md-6")
