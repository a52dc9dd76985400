"""What the office enters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.marking import policy
from silian.education.marking.asked import Asked
from silian.education.marking.models import Marking, Question
from silian.education.questions.building import worded
from silian.education.questions.schema import Kind, problems
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import Verdict

REASON = forms.Textarea({"rows": 2})


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Marking
        fields = "limit shown".split()

    def __init__(self, *args: Any, may_set_limit: Verdict, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_set_limit:
            self.fields["limit"].disabled = True
            self.fields["limit"].help_text = may_set_limit.reason


class MarkerForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=_("marker"))
    questions = forms.ModelMultipleChoiceField(
        Question.objects.none(),
        label=_("items to mark"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: whatever people have to mark."),
    )

    def __init__(self, *args: Any, marking: Marking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = policy.possible_markers(marking)  # type: ignore[attr-defined]
        self.fields["user"].widget.attrs["data-search"] = ""
        rows = marking.questions.filter(by_hand=True).select_related("form")
        self.fields["questions"].queryset = rows  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    points = forms.DecimalField(
        label=_("points given"), max_digits=6, decimal_places=2, min_value=0
    )
    why = forms.CharField(label=_("reason"), max_length=500, widget=REASON)


class RulingForm(forms.Form):
    """What is right after all: another key, or the points for everybody."""

    KEY, ALL = "key", "all"
    what = forms.ChoiceField(
        label=_("what is right"),
        choices=[(KEY, _("Another answer is right")), (ALL, _("Everybody gets full points"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label=_("reason"), max_length=500, widget=REASON)

    def __init__(self, *args: Any, asked: Asked, key: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        if asked.by_hand:
            self.fields["what"].choices = [(self.ALL, _("Everybody gets full points"))]  # type: ignore[attr-defined]
            self.initial["what"] = self.ALL
            return
        self.fields |= key_fields(asked.content, key)
        self.order_fields(["what", *(name for name in self.fields if name != "why")])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["to_all"] = data.get("what") == self.ALL
        data["key"] = None if data["to_all"] else key_from(self.asked.content, data)
        if data.get("what") == self.KEY:
            for problem in problems(self.asked.content, data["key"], inside=True):
                self.add_error(None, problem.message)
            if not data["key"] and data["key"] is not False:
                self.add_error(None, _("Give the right answer."))
        return data


def key_fields(content: dict[str, Any], key: Any) -> dict[str, forms.Field]:
    """Fields for the key of a kind, filled with the one in force."""
    kind = Kind(content["kind"])
    if kind == Kind.NUMBER:
        value = forms.CharField(label=_("right answer"), required=False, max_length=40)
        tolerance = forms.CharField(label=_("tolerance"), required=False, max_length=40)
        value.initial, tolerance.initial = key.get("value"), key.get("tolerance")
        return {"value": value, "tolerance": tolerance}
    if kind == Kind.MATCH:
        targets = [(row["id"], worded(row)) for row in content["targets"]]
        return {
            f"right_{mark}": forms.ChoiceField(
                label=label, choices=targets, initial=key.get(mark), required=False
            )
            for mark, label in _marks(content)
        }
    field = _right(kind, content, key)
    field.label, field.required = _("right answer"), False
    return {"right": field}


def _right(kind: Kind, content: dict[str, Any], key: Any) -> forms.Field:
    """The one field of a kind whose key is one thing."""
    boxes = forms.CheckboxSelectMultiple
    if kind == Kind.SINGLE:
        return forms.ChoiceField(choices=_marks(content), initial=key)
    if kind == Kind.MULTIPLE:
        return forms.MultipleChoiceField(choices=_marks(content), widget=boxes, initial=key)
    if kind == Kind.TRUEFALSE:
        words = [("1", _("True")), ("0", _("False"))]
        return forms.ChoiceField(choices=words, initial="1" if key else "0")
    begins = " ".join(key) if kind == Kind.ORDER else "\n".join(map(_accepted, key))
    lines = forms.Textarea({"rows": 3})
    return forms.CharField(widget=lines, initial=begins, help_text=HINTS[kind])


def _marks(content: dict[str, Any]) -> list[tuple[str, str]]:
    rows = content.get("choices", [])
    return [(row["id"], f"{row['id'].upper()}. {worded(row)}") for row in rows]


HINTS = {
    Kind.ORDER: _("The marks of the steps in the right order, with spaces between."),
    Kind.BLANK: _("A line for each place; accepted texts with | between."),
    Kind.SHORT: _("A line for each text that is accepted."),
}


def key_from(content: dict[str, Any], data: dict[str, Any]) -> Any:
    """The key as it was entered, in the shape of its kind."""
    kind, right = content["kind"], data.get("right")
    if kind == Kind.TRUEFALSE:
        return right == "1"
    if kind == Kind.NUMBER:
        return {"value": data.get("value", ""), "tolerance": data.get("tolerance") or "0"}
    if kind == Kind.MATCH:
        return {row["id"]: data.get(f"right_{row['id']}") for row in content["choices"]}
    if kind == Kind.ORDER:
        return str(right or "").lower().split()
    if kind in (Kind.BLANK, Kind.SHORT):
        lines = [line.strip() for line in str(right or "").splitlines() if line.strip()]
        return lines if kind == Kind.SHORT else [_texts(line) for line in lines]
    return right


def _accepted(texts: Any) -> str:
    return texts if isinstance(texts, str) else "|".join(texts)


def _texts(line: str) -> list[str]:
    return [text.strip() for text in line.split("|") if text.strip()]
