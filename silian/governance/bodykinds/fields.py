"""The questions of a kind as form fields, and their answers as JSON."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst

from silian.governance.bodykinds.models import Field, Kind
from silian.kernel.ui import formats
from silian.kernel.ui.widgets import DayInput

PREFIX = "answer_"
Type = Field.Type


def add_questions(form: forms.BaseForm, kind: Kind, answers: Mapping[str, Any]) -> list[str]:
    """Give ``form`` a field for each question of ``kind``; returns their names in order."""
    names = []
    for question in kind.fields.all():
        name = PREFIX + question.code
        form.fields[name] = MAKERS[Type(question.type)](question)
        form.fields[name].label = capfirst(question.label)
        form.initial[name] = answers.get(question.code)
        names.append(name)
    return names


def answers_in(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What a form that passed says to the questions, as JSON can keep it."""
    given = {k.removeprefix(PREFIX): v for k, v in cleaned.items() if k.startswith(PREFIX)}
    return {code: _kept(value) for code, value in given.items() if value not in (None, "", [])}


def unanswered(kind: Kind, answers: Mapping[str, Any]) -> list[str]:
    """The names of the fields of ``kind`` that must be answered and are not."""
    needed = kind.fields.filter(required=True).values_list("code", flat=True)
    return [PREFIX + code for code in needed if answers.get(code) in (None, "", [])]


def worded(kind: Kind, answers: Mapping[str, Any], *, public: bool) -> list[tuple[str, Any]]:
    """Question and answer for the reader; where ``public``, only what everybody may read."""
    asked = [q for q in kind.fields.all() if q.code in answers and (q.public or not public)]
    return [(capfirst(question.label), _shown(question, answers)) for question in asked]


def _shown(question: Field, answers: Mapping[str, Any]) -> Any:
    value = answers[question.code]
    if question.type == Type.MONEY:
        return formats.money(Decimal(value))
    if question.type == Type.DAY:
        return date.fromisoformat(value)
    return question.worded(value)


def _kept(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _choice(question: Field) -> forms.Field:
    return forms.ChoiceField(choices=[("", ""), *question.options], required=False)


def _choices(question: Field) -> forms.Field:
    boxes = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(choices=question.options, widget=boxes, required=False)


def _number(question: Field) -> forms.Field:
    return forms.IntegerField(required=False, min_value=question.least or 0, max_value=10**9)


def _money(question: Field) -> forms.Field:
    least = question.least or 0
    return forms.DecimalField(required=False, min_value=least, max_digits=14, decimal_places=2)


# Nothing is required here: a draft may be saved at any time, ``unanswered`` tells what lacks.
MAKERS: dict[str, Callable[[Field], forms.Field]] = {
    Type.TEXT: lambda q: forms.CharField(max_length=300, required=False),
    Type.LONG: lambda q: forms.CharField(
        max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    ),
    Type.NUMBER: _number,
    Type.MONEY: _money,
    Type.DAY: lambda q: forms.DateField(required=False, widget=DayInput()),
    Type.CHOICE: _choice,
    Type.CHOICES: _choices,
    Type.YES_NO: lambda q: forms.BooleanField(required=False),
}
