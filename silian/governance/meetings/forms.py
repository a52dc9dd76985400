"""A meeting, its call and its agenda as forms."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from silian.governance.bodies.models import Body
from silian.governance.charters.models import Charter
from silian.governance.charters.policy import charter_of
from silian.governance.meetings.models import Item, Meeting
from silian.governance.meetings.policy import notice_needed
from silian.kernel import clock
from silian.kernel.files.fields import UploadsField
from silian.kernel.ui.widgets import MomentInput


class MeetingForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a meeting is, when and where. Whose it is cannot change once it is called."""

    CONVENER = ("organ", "body", "extraordinary")

    class Meta:
        model = Meeting
        fields = [
            *"organ body extraordinary title_zh title_en form starts_at ends_at".split(),
            *"place_zh place_en link chaired_by".split(),
        ]
        widgets = {"starts_at": MomentInput(), "ends_at": MomentInput()}
        help_texts = {
            "body": _("Instead of an organ: a body of the consortium, such as a committee."),
            "link": _("The address of the video conference; only those invited see it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = self.fields["body"]
        assert isinstance(bodies, forms.ModelChoiceField)
        bodies.queryset = Body.objects.running().filter(consortium=self.instance.consortium)
        whose = ["organ", "body"], ["extraordinary"]
        if self.instance.state != Meeting.State.DRAFT:
            whose = ([], [])
            for name in self.CONVENER:
                del self.fields[name]
            self.fields["short_notice_why"] = _short_notice()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("What it is"), *_pairs(*whose[0], "title_zh", "title_en"), *whose[1]),
            Fieldset(
                _("When and where"),
                *_pairs("starts_at", "ends_at", "form", "link", "place_zh", "place_en"),
                "chaired_by",
                *(["short_notice_why"] if "short_notice_why" in self.fields else []),
            ),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "organ" in self.fields and bool(data.get("organ")) == bool(data.get("body")):
            self.add_error("organ", _("Choose an organ or a body, one of the two."))
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and starts <= clock.now():
            self.add_error("starts_at", _("This lies in the past."))
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("A meeting ends after it starts."))
        form = data.get("form")
        if form in (Meeting.Form.IN_PERSON, Meeting.Form.HYBRID) and not data.get("place_zh"):
            self.add_error("place_zh", _("Say where people come together."))
        if form in (Meeting.Form.ONLINE, Meeting.Form.HYBRID) and not data.get("link"):
            self.add_error("link", _("Say where people meet online."))
        return data


class CallForm(forms.Form):
    """In whose name, and why at shorter notice where the charter asks for more."""

    called_as = forms.ChoiceField(label=_("called by"))

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        charter = charter_of(meeting.consortium)
        allowed = (charter and charter.callers) or Charter.Caller.values
        field = self.fields["called_as"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, Charter.Caller(value).label) for value in allowed]
        self.given = meeting.days_of_notice_from(clock.today())
        if self.given < notice_needed(meeting):
            self.fields["short_notice_why"] = _short_notice()
            self.fields["short_notice_why"].required = True


def _short_notice() -> forms.CharField:
    return forms.CharField(
        label=_("why at shorter notice"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where the charter asks for more days. Everybody reads it."),
    )


class ItemForm(forms.ModelForm):  # type: ignore[type-arg]
    papers = UploadsField(label=_("papers"), required=False)

    class Meta:
        model = Item
        fields = ["kind", "title_zh", "title_en", "text", "speaker", "minutes"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "kind", *_pairs("title_zh", "title_en"), "text", *_pairs("speaker", "minutes"), "papers"
        )


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Item
        fields = ["note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 8})}


def _pairs(*names: str) -> list[Row]:
    """Two fields a line."""
    return [
        Row(*(Column(name, css_class="col-md-6") for name in names[at : at + 2]))
        for at in range(0, len(names), 2)
    ]
