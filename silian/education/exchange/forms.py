"""A file that comes in, and what shall go out."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.banks.models import Bank
from silian.education.exchange.services import SHEET
from silian.education.formats import registry
from silian.education.formats.reading import Found, Unreadable
from silian.education.items.models import Version
from silian.education.questions.schema import Difficulty, Level
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList

LARGEST = 5 * 1024 * 1024  # bytes


class ArrivalForm(forms.Form):
    file = forms.FileField(
        label=_("file"),
        help_text=_("GIFT (.txt), Moodle XML (.xml), QTI 3 or 2.1 (.xml or .zip); at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".txt,.gift,.xml,.zip"}),
    )
    bank = forms.ModelChoiceField(Bank.objects.none(), label=_("item bank"))
    occupation = CodeField(CodeList.Kind.OCCUPATION, min_level=3, label=_("occupation"))
    level = forms.ChoiceField(label=_("skill level"), choices=Level.choices)
    difficulty = forms.TypedChoiceField(
        label=_("difficulty"), choices=Difficulty.choices, coerce=int, initial=Difficulty.MIDDLE
    )
    format: str
    found: Found

    def __init__(self, banks: QuerySet[Bank], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = banks  # type: ignore[attr-defined]
        if len(banks) == 1:
            self.fields["bank"].empty_label = None  # type: ignore[attr-defined]

    def clean_file(self) -> "UploadedFile[bytes]":
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST:
            raise forms.ValidationError(_("The file is too large: at most 5 MB."))
        try:
            self.format, self.found = registry.read(upload.read())
        except Unreadable as reason:
            raise forms.ValidationError(str(reason)) from None
        return upload


class LeavingForm(forms.Form):
    bank = forms.ModelChoiceField(Bank.objects.none(), label=_("item bank"), empty_label=None)
    format = forms.ChoiceField(
        label=_("format"),
        choices=[
            *((name, form.label) for name, form in registry.FORMATS.items()),
            (SHEET, _("Spreadsheet (xlsx)")),
        ],
    )
    state = forms.ChoiceField(
        label=_("state"),
        choices=[("", _("All")), *Version.State.choices],
        required=False,
        initial=Version.State.APPROVED,
    )

    def __init__(self, banks: QuerySet[Bank], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = banks  # type: ignore[attr-defined]
