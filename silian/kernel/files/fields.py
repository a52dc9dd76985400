"""A form field that checks an upload before anything is stored."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from silian.kernel.files.content import DOCUMENTS, Kind, check, limit


class UploadField(forms.FileField):
    """``file = UploadField(label=_("File"), kinds=DOCUMENTS)``.

    Errors stand beside the field and say what to do. Afterwards the view gives
    ``form.cleaned_data["file"]`` to ``files.services.store(…, kinds=DOCUMENTS)``.
    """

    def __init__(self, *, kinds: frozenset[Kind] = DOCUMENTS, **options: Any) -> None:
        self.kinds = kinds
        options.setdefault("help_text", lazy(_advice, str)(kinds))
        super().__init__(**options)
        self.widget.attrs["accept"] = ",".join(f".{kind.ending}" for kind in _sorted(kinds))

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            check(upload, self.kinds)
        return upload


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class UploadsField(UploadField):
    """The same for any number of files at once; the cleaned value is a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        each = super().clean
        return [upload for upload in (each(one, initial) for one in given or [None]) if upload]


def _advice(kinds: frozenset[Kind]) -> str:
    endings = ", ".join(f".{kind.ending}" for kind in _sorted(kinds))
    facts = {"endings": endings, "limit": filesizeformat(limit())}
    return _("%(endings)s; at most %(limit)s.") % facts


def _sorted(kinds: frozenset[Kind]) -> list[Kind]:
    return sorted(kinds, key=lambda kind: kind.ending)
