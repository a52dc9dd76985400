"""An examiner, a card and a relation as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.education.examiners import policy, services
from silian.education.examiners.models import Card, Examiner, Relation
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.files.fields import UploadField
from silian.kernel.sheets.fields import NumberOfPersonField
from silian.kernel.ui.widgets import DayInput


class ExaminerForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Examiner
        fields = "user organisation".split()
        widgets = {
            "user": forms.Select({"data-search": ""}),
            "organisation": forms.Select({"data-search": ""}),
        }
        help_texts = {"organisation": _("Its candidates are judged by others.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consortium = self.instance.consortium
        sides: Any = self.fields["organisation"]
        sides.queryset = policy.members_of(consortium)
        if self.instance.pk:
            del self.fields["user"]
        else:
            people: Any = self.fields["user"]
            people.queryset = policy.possible_examiners(consortium)


class CardForm(forms.ModelForm):  # type: ignore[type-arg]
    occupation = CodeField(CodeList.Kind.OCCUPATION, label=_("occupation"))
    scan = UploadField(label=_("scan of the card"), kinds=services.SCANS, required=False)

    class Meta:
        model = Card
        fields = "number occupation highest valid_from valid_until".split()
        widgets = {"valid_from": DayInput(), "valid_until": DayInput()}
        help_texts = {"highest": _("The card is for this level and all below it.")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("Must not lie before the first day."))
        elif first and last and data.get("occupation"):
            others = self.instance.examiner.cards.exclude(pk=self.instance.pk)
            if others.filter(
                occupation=data["occupation"], valid_from__lte=last, valid_until__gte=first
            ).exists():
                self.add_error(
                    "valid_from", _("Another card for this occupation is valid in these days.")
                )
        return data


class RelationForm(forms.Form):
    """Whom the examiner does not judge: known by name and number, wherever they are entered."""

    name = forms.CharField(label=_("full name"), max_length=100)
    id_number = NumberOfPersonField(
        label=_("ID card number"), help_text=_("Kept encrypted and shown masked.")
    )
    kind = forms.ChoiceField(label=_("relation"), choices=Relation.Kind.choices)
