"""Motions, amendments, how they are put to the vote, and the votes, as forms."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.charters.models import MatterRule
from silian.governance.members.models import Organisation
from silian.governance.motions.models import Motion

SHORTEST = timedelta(minutes=10)  # of a vote by correspondence
SEARCHABLE = forms.Select(attrs={"data-search": ""})
TALL = {"text_zh": forms.Textarea({"rows": 8}), "text_en": forms.Textarea({"rows": 8})}


def layout(*more: Any) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        Fieldset(
            _("What is moved"),
            Row(Column("title_zh", css_class="col-md-6"), Column("title_en", css_class="col-md-6")),
            "text_zh",
            "text_en",
        ),
        *more,
    )
    return helper


def movers() -> tuple[Any, ...]:
    return (Row(Column("mover", css_class="col-md-6"), Column("mover_name", css_class="col-md-6")),)


class MotionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A motion in a meeting; whoever moves for a unit says for which of theirs."""

    class Meta:
        model = Motion
        fields = """title_zh title_en text_zh text_en matter mover mover_name seconder
        secret_asked""".split()
        widgets = TALL | {"mover": SEARCHABLE, "seconder": SEARCHABLE}
        help_texts = {
            "text_zh": _("As it shall be decided, in Markdown."),
            "matter": _("The charter says what each kind of matter needs."),
            "secret_asked": _("The charter may ask for one by itself."),
        }

    def __init__(
        self,
        *args: Any,
        movers: QuerySet[Organisation],
        units: QuerySet[Organisation],
        for_unit: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mover"].queryset = movers  # type: ignore[attr-defined]
        self.fields["mover"].required = for_unit
        if "seconder" in self.fields:
            self.fields["seconder"].queryset = units  # type: ignore[attr-defined]
        self.helper = layout(*self.sections())

    def sections(self) -> tuple[Any, ...]:
        return (
            Fieldset(_("Who moves it"), *movers(), "seconder"),
            Fieldset(_("The vote"), "matter", "secret_asked"),
        )


class AmendmentForm(MotionForm):
    """The whole text as it shall read afterwards; readers are shown what is different."""

    class Meta(MotionForm.Meta):
        fields = "title_zh title_en text_zh text_en mover mover_name".split()
        help_texts = {"text_zh": _("Change the text here; what differs is marked for readers.")}

    def sections(self) -> tuple[Any, ...]:
        return (Fieldset(_("Who moves it"), *movers()),)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        same = all(data.get(name) == self.initial.get(name) for name in ("text_zh", "text_en"))
        if data.get("text_zh") and same:
            self.add_error("text_zh", _("This is the text as it is. Change it first."))
        elif data.get("text_en") and data["text_en"] == self.initial.get("text_en"):
            self.add_error("text_en", _("Change the English text too, or leave it empty."))
        return data


class LetterForm(MotionForm):
    """A motion for a vote by correspondence of an organ, in a matter where that is allowed."""

    asked = forms.ChoiceField(label=_("organ and matter"))

    class Meta(MotionForm.Meta):
        fields = """title_zh title_en text_zh text_en mover mover_name seconder
        secret_asked""".split()

    def __init__(self, *args: Any, rules: Iterable[MatterRule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked"].choices = [  # type: ignore[attr-defined]
            (f"{rule.organ} {rule.matter}", str(rule)) for rule in rules
        ]
        self.fields["asked"].initial = f"{self.instance.organ} {self.instance.matter}"

    def sections(self) -> tuple[Any, ...]:
        return (
            Fieldset(_("The vote"), "asked", "secret_asked"),
            Fieldset(_("Who moves it"), *movers(), "seconder"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if asked := data.get("asked"):
            self.instance.organ, self.instance.matter = asked.split(" ")
        return data


class MergeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The text as it stands after an amendment that no longer fits by itself."""

    class Meta:
        model = Motion
        fields = ["text_zh", "text_en"]
        widgets = TALL
