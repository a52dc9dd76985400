"""Asking for a change, and answering."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.standards.models import ChangeRequest, Standard
from silian.governance.members.models import Organisation


class RequestForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ChangeRequest
        fields = ["organisation", "skill", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        labels = {"organisation": _("in the name of"), "skill": _("the skill it is about")}
        help_texts = {
            "text": _("What should be taught, or no longer, and what you saw in practice.")
        }

    def __init__(self, askers: QuerySet[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = askers  # type: ignore[attr-defined]
        if len(askers) == 1:
            self.initial["organisation"] = askers[0]
        if not askers:
            del self.fields["organisation"]
        self.fields["skill"].widget.attrs["data-search"] = ""


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("outcome"),
        choices=[("adopted", _("Adopted")), ("declined", _("Declined"))],
        widget=forms.RadioSelect,
    )
    edition = forms.ModelChoiceField(
        ChangeRequest.objects.none(), label=_("adopted in"), required=False
    )
    answer = forms.CharField(
        label=_("answer"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, standard: Standard, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        editions = standard.editions.select_related("standard").order_by("-number")
        field = self.fields["edition"]
        field.queryset = editions  # type: ignore[attr-defined]
        field.label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.name} · {one.get_state_display()}"
        )
        field.initial = editions.first()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == "adopted" and not data.get("edition"):
            raise ValidationError({"edition": _("Say in which edition it stands.")})
        if data.get("outcome") == "declined" and not data.get("answer", "").strip():
            raise ValidationError({"answer": _("Say why not.")})
        return data
