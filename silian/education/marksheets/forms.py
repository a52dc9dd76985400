"""What the office enters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.marking import policy
from silian.education.marking.asked import Asked
from silian.education.marking.models import Marking
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
        None,
        label=_("items"),
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
    points = forms.DecimalField(label=_("points"), max_digits=6, decimal_places=2, min_value=0)
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
        kind = Kind(asked.content["kind"])
        if kind in (Kind.ESSAY,) or asked.by_hand:
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
        return data


def key_fields(content: dict[str, Any], key: Any) -> dict[str, forms.Field]:
    """Fields for the key of a kind, filled with the one in force."""
    kind, plain = content["kind"], {"required": False}
    choices = [
        (row["id"], f"{row['id'].upper()}. {worded(row)}") for row in content.get("choices", [])
    ]
    said = _("right answer")
    if kind == Kind.SINGLE:
        return {"right": forms.ChoiceField(label=said, choices=choices, initial=key, **plain)}
    if kind == Kind.MULTIPLE:
        boxes = {"choices": choices, "widget": forms.CheckboxSelectMultiple, "initial": key}
        return {"right": forms.MultipleChoiceField(label=said, **boxes, **plain)}
    if kind == Kind.TRUEFALSE:
        words = [("1", _("True")), ("0", _("False"))]
        begins = "1" if key else "0"
        return {"right": forms.ChoiceField(label=said, choices=words, initial=begins, **plain)}
    if kind == Kind.NUMBER:
        return {
            name: forms.CharField(label=label, initial=key.get(name), max_length=40, **plain)
            for name, label in (("value", said), ("tolerance", _("tolerance")))
        }
    if kind == Kind.MATCH:
        targets = [(row["id"], worded(row)) for row in content["targets"]]
        return {
            f"right_{mark}": forms.ChoiceField(
                label=label, choices=targets, initial=key.get(mark), **plain
            )
            for mark, label in choices
        }
    begins = " ".join(key) if kind == Kind.ORDER else "\n".join(map(_accepted, key))
    hint = HINTS[Kind(kind)]
    text = {"widget": forms.Textarea({"rows": 3}), "initial": begins, "help_text": hint}
    return {"right": forms.CharField(label=said, **text, **plain)}


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
