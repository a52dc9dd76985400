"""An entry of a record as a form: each kind asks for what belongs to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.industry.demand.models import Position
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import DayInput
from silian.talent.records.models import Entry

FIELDS = {
    "education": "title place started ended text",
    "skill": "skill level text",
    "certificate": "title place number started ended",
    "practice": "title place started ended text",
    "project": "title place started ended text",
    "language": "title text",
}
TITLES = {
    "education": _("what was studied"),
    "certificate": _("name of the certificate"),
    "practice": _("work or post"),
    "project": _("name of the project"),
    "language": _("language"),
}


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]
    file = UploadField(label=_("evidence"), required=False)

    class Meta:
        model = Entry
        fields = "title skill level place number started ended text".split()
        widgets = {
            "started": DayInput(),
            "ended": DayInput(),
            "text": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.instance.kind
        for name in set(self.fields) - set(FIELDS[kind].split()) - {"file"}:
            del self.fields[name]
        for name in {"title", "skill", "level"} & set(self.fields):
            self.fields[name].required = True
        if "title" in self.fields:
            self.fields["title"].label = TITLES[kind]
        if "skill" in self.fields:
            self.fields["skill"].widget.attrs["data-search"] = ""
        if kind == "language":
            self.fields["text"].label = _("how well, and any examination")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("started"), data.get("ended")
        if start and end and end < start:
            self.add_error("ended", _("It ends before it starts."))
        return data

    def clean_skill(self) -> Any:
        skill = self.cleaned_data["skill"]
        others = Entry.objects.filter(person=self.instance.person, skill=skill)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This skill stands in your record already."))
        return skill


class ConfirmerForm(forms.Form):
    """Whom to ask; that organisation then reads this one entry and the person's name."""

    of = forms.ModelChoiceField(
        Organisation.objects.all(), to_field_name="name_zh", widget=forms.TextInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].label = _("Who can confirm it: the Chinese name of the organisation")
        self.fields["of"].error_messages["invalid_choice"] = _(
            "No organisation has exactly this name."
        )


class InterestForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=_("kinds of work"),
        choices=Position.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    occupations = CodeField(
        CodeList.Kind.OCCUPATION, multiple=True, label=_("occupations"), required=False
    )
    regions = CodeField(CodeList.Kind.REGION, multiple=True, label=_("regions"), required=False)
    free_from = forms.DateField(label=_("free from"), widget=DayInput(), required=False)
    note = forms.CharField(label=_("what else matters to me"), max_length=500, required=False)
