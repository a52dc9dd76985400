"""A batch, a candidate by hand, handing over, an objection and its answer."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.consortia.models import Consortium
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.clock import working_day
from silian.kernel.files.content import JPEG, JPG, PNG
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import DayInput
from silian.talent.credentials.models import Kind
from silian.talent.issuing import policy
from silian.talent.issuing.models import Batch, Objection
from silian.talent.issuing.rows import CandidateRow

PHOTOS = frozenset({PNG, JPG, JPEG})


class KindChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Kind) -> str:
        return f"{obj.title} · {obj.issuer.name}"


class BatchForm(forms.ModelForm):  # type: ignore[type-arg]
    kind = KindChoice(Kind.objects.none(), label=gettext_lazy("certificate"))

    class Meta:
        model = Batch
        fields = "kind title_zh title_en".split()
        help_texts = {"title_zh": gettext_lazy("It stands above the public list.")}

    def __init__(self, *args: Any, consortium: Consortium, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.queryset = policy.draftable_kinds(by, consortium)
        if self.instance.pk and self.instance.candidates.exists():
            field.disabled = True


class CandidateForm(CandidateRow):
    photo = UploadField(label=gettext_lazy("photo"), kinds=PHOTOS, required=False)

    def __init__(self, batch: Batch, *args: Any, **kwargs: Any) -> None:
        super().__init__(batch, *args, **kwargs)
        self.batch = batch
        self.fields["on"].widget = DayInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("id_number") and policy.on_list(self.batch, data):
            self.add_error("id_number", _("This person is on the list already."))
        return data


class HandOverForm(forms.Form):
    """Until when the list is public; never shorter than the kind says."""

    until = forms.DateField(
        label=gettext_lazy("in publicity until"),
        widget=DayInput(),
        help_text=gettext_lazy("Later, where public holidays fall into these days."),
    )

    def __init__(self, batch: Batch, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = working_day(clock.today(), batch.kind.publicity_days)
        self.fields["until"].initial = self.first

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day < self.first:
            message = _("The days of publicity last until %(day)s at least.")
            raise ValidationError(message % {"day": self.first})
        return day


class ObjectionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Objection
        fields = "place text contact".split()
        widgets = {"text": forms.Textarea({"rows": 5})}
        help_texts = {
            "place": gettext_lazy("Where it is about one person of the list."),
            "contact": gettext_lazy("Optional. Only who answers reads it."),
        }


class AnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=gettext_lazy("decision"),
        coerce=lambda value: value == "yes",
        choices=[("no", gettext_lazy("Refused")), ("yes", gettext_lazy("Upheld"))],
    )
    answer = forms.CharField(
        label=gettext_lazy("answer"), max_length=500, widget=forms.Textarea({"rows": 4})
    )
