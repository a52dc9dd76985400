"""A commitment, the report of what was done, a party's assessment, the conclusion."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.commitments.models import Assessment, Commitment, Evaluation
from silian.governance.members.models import Organisation
from silian.kernel.files.fields import UploadField
from silian.kernel.ui.widgets import DayInput

FILES_AT_ONCE = 10


class CommitmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """``owners`` is for whom it can be entered, ``parties`` who may accept it."""

    class Meta:
        model = Commitment
        fields = """kind owner checker title_zh title_en criteria_zh criteria_en due
        yearly""".split()
        widgets = {
            "due": DayInput(),
            "criteria_zh": forms.Textarea(attrs={"rows": 3}),
            "criteria_en": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "kind": _("A milestone is accepted by its criteria, and needs evidence."),
            "yearly": _("A new one is entered when this one is settled, until the term is over."),
        }

    def __init__(
        self,
        owners: QuerySet[Organisation],
        parties: QuerySet[Organisation],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("owner", owners), ("checker", parties)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("What has to be done"), _pair("kind", "due"), "title_zh", "title_en"),
            Fieldset(_("By whom"), _pair("owner", "checker"), "yearly"),
            Fieldset(_("When it counts as met"), "criteria_zh", "criteria_en"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("owner") and data.get("owner") == data.get("checker"):
            self.add_error("checker", _("Nobody accepts their own work: choose another party."))
        if data.get("kind") == Commitment.Kind.MILESTONE and not data.get("criteria_zh"):
            self.add_error("criteria_zh", _("A milestone says when it counts as met."))
        return data


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(UploadField):
    """Several files, each checked for itself; the cleaned value is a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        if len(given) > FILES_AT_ONCE:
            raise ValidationError(_("At most ten files at once."))
        checked = [super(FilesField, self).clean(one, initial) for one in given or [None]]
        return [one for one in checked if one]


class ReportForm(forms.Form):
    """What was done; a milestone is shown by files."""

    text = forms.CharField(
        label=_("What was done"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    evidence = FilesField(label=_("evidence"), required=False)

    def __init__(self, commitment: Commitment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].initial = commitment.report
        shown = commitment.evidence.exists()
        milestone = commitment.kind == Commitment.Kind.MILESTONE
        self.fields["evidence"].required = milestone and not shown


SCORES = [(5, _("5 – entirely")), (4, "4"), (3, "3"), (2, "2"), (1, _("1 – not at all"))]


class AssessmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """One party's answers; ``organisations`` is whom the reader can answer for."""

    organisation = forms.ModelChoiceField(
        label=_("organisation"), queryset=Organisation.objects.none(), empty_label=None
    )

    class Meta:
        model = Assessment
        fields = """organisation performance cooperation benefit results difficulties
        goes_on""".split()
        widgets = {
            "results": forms.Textarea(attrs={"rows": 5}),
            "difficulties": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {"results": _("Numbers help: people trained, hours, products, income.")}

    def __init__(self, organisations: list[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations])
        field.initial = organisations[0] if organisations else None
        for name in ("performance", "cooperation", "benefit"):
            self.fields[name] = forms.TypedChoiceField(
                label=self.fields[name].label,
                choices=SCORES,
                coerce=int,
                widget=forms.RadioSelect,
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "organisation",
            Fieldset(_("How much is true?"), "performance", "cooperation", "benefit"),
            Fieldset(_("In words"), "results", "difficulties", "goes_on"),
        )


class ConclusionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Evaluation
        fields = ["grade", "conclusion"]
        widgets = {"conclusion": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].required = True
