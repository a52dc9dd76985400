"""Materials, homework, handing in and marking as forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.coursework.models import Material, Submission, Task
from silian.kernel.files.fields import UploadField, UploadsField
from silian.kernel.ui.widgets import MomentInput


class MaterialForm(forms.ModelForm):  # type: ignore[type-arg]
    upload = UploadField(label=gettext_lazy("file"), required=False)

    class Meta:
        model = Material
        fields = "title_zh title_en link".split()
        help_texts = {"link": gettext_lazy("Instead of a file: where it is found.")}

    field_order = "title_zh title_en upload link".split()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "upload" in self.errors or "link" in self.errors:
            return data
        if bool(data.get("upload")) == bool(data.get("link")):
            self.add_error("upload", _("Give a file or an address, one of the two."))
        return data


class TaskForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Task
        fields = "title_zh title_en text_zh text_en due_at takes_late required passing".split()
        widgets = {
            "text_zh": forms.Textarea(attrs={"rows": 5}),
            "text_en": forms.Textarea(attrs={"rows": 3}),
            "due_at": MomentInput(),
        }

    def clean_passing(self) -> int:
        passing: int = self.cleaned_data["passing"]
        if passing > 100:
            raise ValidationError(_("At most 100."))
        return passing


class HandInForm(forms.ModelForm):  # type: ignore[type-arg]
    uploads = UploadsField(label=gettext_lazy("files"), required=False)

    class Meta:
        model = Submission
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("text", "").strip() and not data.get("uploads") and not self.errors:
            self.add_error("text", _("Write something or add a file."))
        return data


class MarkForm(forms.ModelForm):  # type: ignore[type-arg]
    marks = forms.IntegerField(label=gettext_lazy("marks (of 100)"), min_value=0, max_value=100)

    class Meta:
        model = Submission
        fields = ["marks", "remark"]
        widgets = {"remark": forms.Textarea(attrs={"rows": 3})}
