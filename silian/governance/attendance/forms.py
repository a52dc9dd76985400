"""An answer, a name on the list, and a scanned sheet as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.governance.attendance.policy import possible_holders
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.members.models import Organisation
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import SearchSelect


class ReplyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whether somebody comes, who, or who votes instead; guests have no vote to give."""

    class Meta:
        model = Attendee
        fields = ["reply", "name", "title", "proxy", "reply_note"]
        labels = {"name": _("who comes"), "proxy": _("who votes in our place")}
        widgets = {"reply": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Attendee.Reply.choices[1:]
        reply = self.fields["reply"]
        assert isinstance(reply, forms.ChoiceField)
        if self.instance.votes:
            holders = self.fields["proxy"]
            assert isinstance(holders, forms.ModelChoiceField)
            holders.queryset = possible_holders(self.instance)
            holders.label_from_instance = _held  # type: ignore[method-assign,assignment]
            holders.widget.attrs["data-search"] = ""
        else:
            del self.fields["proxy"]
            choices = [choice for choice in choices if choice[0] != Attendee.Reply.PROXY]
        reply.choices = choices
        if self.instance.reply == Attendee.Reply.NONE:
            self.initial["reply"] = Attendee.Reply.COMING

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reply") != Attendee.Reply.PROXY:
            data["proxy"] = None
        elif not data.get("proxy") and "proxy" not in self.errors:
            self.add_error("proxy", _("Say who votes in your place."))
        return data

    def _post_clean(self) -> None:
        """The service checks and keeps it, under its lock; the row is not touched here."""


def _held(attendee: Attendee) -> str:
    return f"{attendee.unit} ({attendee.name})" if attendee.name else attendee.unit


class AttendeeForm(forms.ModelForm):  # type: ignore[type-arg]
    """A guest; for a body also somebody who votes in it."""

    voting = forms.BooleanField(label=_("has a vote"), required=False)

    class Meta:
        model = Attendee
        fields = ["name", "title", "organisation", "affiliation", "email"]
        widgets = {"organisation": SearchSelect("directory:organisation_search")}
        help_texts = {
            "affiliation": _("Only where the unit is not in the directory."),
            "email": _("The invitation is mailed there."),
        }

    def __init__(self, meeting: Meeting, *args: Any, voting: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("instance", Attendee(meeting=meeting))
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.all()  # type: ignore[attr-defined]
        if not voting:
            del self.fields["voting"]
        if self.instance.votes:  # whose vote it is stands; who comes for the unit can be put right
            del self.fields["organisation"], self.fields["affiliation"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("name") and not data.get("organisation", self.instance.organisation):
            self.add_error("name", _("Give a name or a unit."))
        if "voting" in data:
            self.instance.votes = 1 if data["voting"] else 0
        if data.get("voting") and not data.get("organisation"):
            self.add_error("organisation", _("A vote belongs to a unit."))
        return data


class SheetForm(forms.Form):
    file = UploadField(label=_("Scanned sheet"))
