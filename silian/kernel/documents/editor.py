"""A text that people write as Markdown: an editor with its preview, and Word files read into it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from silian.kernel.documents.services import markdown_of
from silian.kernel.files.content import DOCX
from silian.kernel.files.fields import UploadField

READ = "read"  # the button that reads a Word file into the text instead of saving


class Editor(forms.Textarea):
    """Markdown, with what it looks like beside it."""

    template_name = "documents/editor.html"


class TextForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form with a ``text`` that is typed, or read from a Word file and looked over before saving.

    Its page includes ``documents/word_input.html``; where READ is in what was posted, its view puts
    the text of ``read_word`` into a new form.
    """

    word = UploadField(label=_("Word file"), kinds=frozenset({DOCX}), required=False)

    def read_word(self) -> str | None:
        """What the Word file says; None where there is no good one, which stands beside the field.

        Nothing is saved, so whatever else is missing may wait.
        """
        self.full_clean()
        for name in set(self.errors) - {"word"}:
            del self.errors[name]
        if upload := self.cleaned_data.get("word"):
            try:
                return markdown_of(upload.read())
            except ValidationError as refusal:
                self.add_error("word", refusal)
        elif not self.errors:
            self.add_error("word", _("Choose a Word file first."))
        return None
