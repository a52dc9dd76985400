import hashlib
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from silian.kernel.files.fields import UploadField
from silian.kernel.sheets import policy, services
from silian.kernel.sheets.checking import find_headers
from silian.kernel.sheets.policy import Place
from silian.kernel.sheets.reading import Grid, Unreadable, read


class UploadForm(forms.Form):
    """Takes a file only if it is a table with our headers, and not one that was imported before."""

    file = UploadField(label=_("Spreadsheet"), kinds=services.KINDS)
    grid: Grid

    def __init__(self, *args: Any, place: Place, **options: Any) -> None:
        super().__init__(*args, **options)
        self.place = place

    def clean_file(self) -> "UploadedFile[bytes]":
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        content = upload.read()
        try:
            self.grid = read(content)
            find_headers(self.grid, self.place.sheet.form(self.place.scope))
        except Unreadable as error:
            raise ValidationError(str(error)) from None
        verdict = policy.may_bring(self.place, hashlib.sha256(content).hexdigest())
        if not verdict:
            raise ValidationError(verdict.reason)
        upload.seek(0)
        return upload
