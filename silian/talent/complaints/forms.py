"""A complaint, a word to it, an answer, and who sits at the desk, as forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.consortia.models import Consortium
from silian.kernel.accounts.models import User
from silian.kernel.files.fields import UploadsField
from silian.talent.complaints.models import Complaint, Officer
from silian.talent.complaints.policy import candidates, running


class WordForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("what happened"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    uploads = UploadsField(label=gettext_lazy("photos, messages, papers"), required=False)


class ComplaintForm(WordForm):
    about = forms.ChoiceField(label=gettext_lazy("about"), choices=Complaint.About.choices)
    anonymous = forms.BooleanField(
        label=gettext_lazy("Do not keep who I am"), required=False, initial=True
    )
    field_order = ["about", "text", "uploads", "anonymous"]

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not signed_in:
            del self.fields["anonymous"]


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("answer"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("receipt code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class OfficerForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("person"))
    kind = forms.ChoiceField(label=gettext_lazy("kind"), choices=Officer.Kind.choices)

    def __init__(self, consortium: Consortium, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consortium = consortium
        field: Any = self.fields["user"]
        field.queryset = candidates(consortium)
        field.label_from_instance = lambda user: user.name

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        if running(self.consortium).filter(user=user).exists():
            raise ValidationError(_("This person sits at the desk already."))
        return user
