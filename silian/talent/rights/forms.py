from django import forms
from django.utils.translation import gettext_lazy as _

from silian.kernel.files.fields import UploadField


class CorrectionForm(forms.Form):
    wrong = forms.CharField(
        label=_("what is wrong"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    right = forms.CharField(
        label=_("what would be right"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence = UploadField(label=_("evidence"), required=False)


class AnswerForm(forms.Form):
    """Corrected, or not and why."""

    verdict = forms.ChoiceField(
        label=_("answer"),
        choices=[("done", _("It is corrected")), ("refused", _("It is not corrected"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("in words, for the person"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if self.cleaned_data.get("verdict") == "refused" and not answer:
            raise forms.ValidationError(_("The law asks for a reason."))
        return answer


class SureForm(forms.Form):
    sure = forms.BooleanField(label=_("I have read what goes and what stays."))
