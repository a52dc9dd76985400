"""The paper, and the question whether a code is in the urn."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.engines.tallying import Choice
from silian.governance.ballots.models import Question
from silian.governance.ballots.urn import tidied

CHOICES = [
    (Choice.FAVOUR, gettext_lazy("For")),
    (Choice.AGAINST, gettext_lazy("Against")),
    (Choice.ABSTAIN, gettext_lazy("Abstain")),
]


@dataclass(frozen=True)
class Section:
    """One question as the page shows it."""

    question: Question
    rows: list[BoundField]
    error: str


class PaperForm(forms.Form):
    """Every question of a poll. What is left open abstains; a paper left blank is asked about."""

    codes = forms.CharField(widget=forms.HiddenInput)
    blank = forms.BooleanField(
        label=gettext_lazy("I hand in a blank paper"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, questions: Iterable[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": ""} | kwargs)
        self.questions = list(questions)
        self.faults: dict[int, str] = {}
        for question in self.questions:
            for option in question.options.all():
                self.fields[place(question, option.order)] = field_of(question, option.label)

    def sections(self) -> Iterator[Section]:
        for question in self.questions:
            rows = [self[place(question, option.order)] for option in question.options.all()]
            yield Section(question, rows, self.faults.get(question.order, ""))

    def choices(self) -> dict[int, dict[int, str]]:
        """What is marked, by the orders of questions and options."""
        marks: dict[int, dict[int, str]] = {}
        for question in self.questions:
            given = {
                option.order: self.cleaned_data.get(place(question, option.order))
                for option in question.options.all()
            }
            marks[question.order] = {
                order: Choice.FAVOUR if said is True else str(said)
                for order, said in given.items()
                if said
            }
        return marks

    def clean_codes(self) -> Sequence[str]:
        return str(self.cleaned_data["codes"]).split()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        marks = self.choices()
        for question in self.questions:
            chosen = list(marks[question.order].values()).count(Choice.FAVOUR)
            if chosen > question.most:
                self.refuse(question, chosen)
        if not any(marks.values()) and not data.get("blank"):
            self.add_error(
                "blank", _("Nothing is marked. Tick this if you mean to hand in a blank paper.")
            )
        return data

    def refuse(self, question: Question, chosen: int) -> None:
        """Too many are favoured: said above the paper and beside the question."""
        said = _("Choose at most %(most)s; you chose %(chosen)s.")
        self.faults[question.order] = said % {"most": question.most, "chosen": chosen}
        self.add_error(None, f"{question}: {self.faults[question.order]}")


def place(question: Question, order: int) -> str:
    return f"q{question.order}_{order}"


def field_of(question: Question, label: str) -> forms.Field:
    if question.kind == Question.Kind.CHOOSE:
        box = forms.CheckboxInput(attrs={"class": "form-check-input m-0"})
        return forms.BooleanField(label=label, required=False, widget=box)
    radios = forms.RadioSelect(attrs={"class": "form-selectgroup-input"})
    return forms.ChoiceField(label=label, choices=CHOICES, widget=radios, required=False)


class CodeForm(forms.Form):
    """A code from a receipt, in whatever way it was typed."""

    code = forms.CharField(label=gettext_lazy("code of the ballot"), max_length=40)

    def clean_code(self) -> str:
        return tidied(self.cleaned_data["code"])
