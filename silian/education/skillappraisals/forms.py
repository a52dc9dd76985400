"""An appraisal, an entry, an exemption, and the exams that belong to it."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.practicals.models import Practical
from silian.education.schemes.levels import PartKind
from silian.education.schemes.policy import bodies_of
from silian.education.schemes.terms import part_names
from silian.education.sittings.models import Exam
from silian.education.skillappraisals import policy
from silian.education.skillappraisals.models import Appraisal
from silian.education.skillappraisals.services import Said
from silian.kernel.accounts.models import User
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.files.fields import UploadsField
from silian.kernel.persons.models import Person
from silian.kernel.sheets.fields import NumberOfPersonField
from silian.kernel.ui.widgets import DayInput


class AppraisalForm(forms.ModelForm):  # type: ignore[type-arg]
    occupation = CodeField(CodeList.Kind.OCCUPATION, label=gettext_lazy("occupation"))

    class Meta:
        model = Appraisal
        fields = """organiser number title_zh title_en occupation level site places entries_from
        entries_until exam_on notice_zh notice_en""".split()
        widgets = {
            "entries_from": DayInput(),
            "entries_until": DayInput(),
            "exam_on": DayInput(),
            "notice_zh": forms.Textarea({"rows": 4}),
            "notice_en": forms.Textarea({"rows": 4}),
        }
        help_texts = {
            "number": gettext_lazy("As it is filed, such as 2026-03."),
            "places": gettext_lazy("Empty where there is no limit."),
            "notice_zh": gettext_lazy("Years of work, earlier certificates, papers to hand in."),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organiser"]
        field.queryset = bodies_of(by, self.instance.consortium)
        if self.instance.state == Appraisal.State.OPEN:  # what the rule was chosen by
            for name in ("organiser", "occupation", "level"):
                self.fields[name].disabled = True
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What it is"),
                *_pairs("organiser", "number", "title_zh", "title_en", "occupation", "level"),
            ),
            Fieldset(
                _("When and where"),
                *_pairs("entries_from", "entries_until", "exam_on", "site", "places"),
            ),
            Fieldset(_("Who may enter"), *_pairs("notice_zh", "notice_en")),
        )

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        same = Appraisal.objects.filter(consortium=self.instance.consortium, number=number)
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another appraisal has this number."))
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until, exam = (data.get(n) for n in ("entries_from", "entries_until", "exam_on"))
        if since and until and until < since:
            self.add_error("entries_until", _("This is before entries begin."))
        elif until and exam and exam < until:
            self.add_error("exam_on", _("The exam is before entries end."))
        return data


class EntryForm(forms.Form):
    """What a candidate says of themselves; the number is asked for once."""

    number = NumberOfPersonField(
        label=gettext_lazy("identity number"),
        help_text=gettext_lazy("For the certificate. It is kept encrypted and shown with stars."),
    )
    grounds = forms.CharField(
        label=gettext_lazy("why you may enter"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Years in the occupation, an earlier certificate, training."),
    )
    papers = UploadsField(label=gettext_lazy("supporting papers"), required=False)
    true = forms.BooleanField(label=gettext_lazy("What I state and hand in is true."))

    def __init__(self, person: Person | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person and person.id_sealed:
            del self.fields["number"]

    @property
    def said(self) -> Said:
        return Said(self.cleaned_data["grounds"], self.cleaned_data["papers"])


class LinkForm(forms.Form):
    exam = forms.ModelChoiceField(
        Exam.objects.none(), label=gettext_lazy("theory exam"), required=False
    )
    practical = forms.ModelChoiceField(
        Practical.objects.none(), label=gettext_lazy("practical exam"), required=False
    )

    def __init__(self, appraisal: Appraisal, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = part_names(appraisal.terms)
        choices: dict[str, Any] = {
            "exam": (PartKind.THEORY, policy.exams_for(appraisal)),
            "practical": (PartKind.PRACTICAL, policy.practicals_for(appraisal)),
        }
        for name, (part, rows) in choices.items():
            field: Any = self.fields[name]
            field.queryset = rows
            if part not in names:
                del self.fields[name]


def _pairs(*names: str) -> list[Row]:
    columns = [Column(name, css_class="col-md-6") for name in names]
    return [Row(*columns[at : at + 2]) for at in range(0, len(columns), 2)]
