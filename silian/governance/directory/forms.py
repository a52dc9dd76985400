"""The data of an organisation, and a merger of two records, as forms."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from silian.governance.members.models import Organisation
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.widgets import SearchSelect

SCHOOL_DATA = ["school_code", "student_count"]
ENTERPRISE_DATA = ["industry", "scale", "above_scale", "integration"]


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """All that can be said of an organisation; each group says whom it concerns."""

    region = CodeField(CodeList.Kind.REGION, label=_("region"), required=False)
    industry = CodeField(CodeList.Kind.INDUSTRY, label=_("industry"), required=False)

    class Meta:
        model = Organisation
        fields = [
            *"kind name_zh name_en short_name_zh short_name_en credit_code parent region".split(),
            *"address website staff_count about_zh about_en".split(),
            *SCHOOL_DATA,
            *ENTERPRISE_DATA,
        ]
        widgets = {
            "parent": SearchSelect("directory:organisation_search"),
            "about_zh": forms.Textarea(attrs={"rows": 5}),
            "about_en": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {"credit_code": _("18 digits and capital letters.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("Who it is"),
                "kind",
                _pair("name_zh", "name_en"),
                _pair("short_name_zh", "short_name_en"),
                _pair("credit_code", "parent"),
            ),
            Fieldset(_("Where it is"), _pair("region", "address"), _pair("website", "staff_count")),
            Fieldset(_("Only for schools"), _pair("school_code", "student_count")),
            Fieldset(
                _("Only for enterprises"),
                _pair("industry", "scale"),
                _pair("integration", "above_scale"),
            ),
            Fieldset(_("What it does"), "about_zh", "about_en"),
        )

    def clean_credit_code(self) -> str | None:
        return self.cleaned_data["credit_code"] or None

    def clean_school_code(self) -> str | None:
        return self.cleaned_data["school_code"] or None

    def clean_parent(self) -> Organisation | None:
        parent: Organisation | None = self.cleaned_data["parent"]
        above = parent
        while above and self.instance.pk:
            if above.pk == self.instance.pk:
                raise ValidationError(_("An organisation cannot belong to one of its own."))
            above = above.parent
        return parent

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = data.get("kind")
        if kind and kind not in Organisation.SCHOOLS:
            self._refuse(SCHOOL_DATA, _("Only a school has this."))
        if kind and kind != Organisation.Kind.ENTERPRISE:
            self._refuse(ENTERPRISE_DATA, _("Only an enterprise has this."))
        return data

    def _refuse(self, names: list[str], message: Any) -> None:
        for name in names:
            if self.cleaned_data.get(name):
                self.add_error(name, message)


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


class OtherRecordForm(forms.Form):
    """Which record is the double."""

    other = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("the other record"),
        widget=SearchSelect("directory:organisation_search"),
    )

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = rows  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Where the two records differ: which value stays."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=300,
        help_text=_("How you know that both are the same organisation."),
    )

    def __init__(self, *args: Any, former: Organisation, into: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = []
        for field in differing(former, into):
            ours, theirs = shown(into, field.name), shown(former, field.name)
            self.names.append(field.name)
            self.fields[field.name] = forms.ChoiceField(
                label=field.verbose_name,
                choices=[("keep", ours or _("nothing")), ("take", theirs or _("nothing"))],
                initial="take" if theirs and not ours else "keep",
                widget=forms.RadioSelect,
            )
        self.order_fields([*self.names, "reason"])

    @property
    def taking(self) -> list[str]:
        return [name for name in self.names if self.cleaned_data[name] == "take"]


def differing(former: Organisation, into: Organisation) -> list[Any]:
    """The columns in which two records differ; their kind and origin are not chosen."""
    fixed = {"id", "kind", "invented"}
    fields = [field for field in Organisation._meta.concrete_fields if field.name not in fixed]
    return [
        field
        for field in fields
        if getattr(former, field.attname) != getattr(into, field.attname)
        and getattr(former, field.attname) not in (None, "")
    ]


def shown(organisation: Organisation, name: str) -> str:
    """A column as people read it."""
    display = getattr(organisation, f"get_{name}_display", None)
    value = display() if display else getattr(organisation, name)
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return "" if value is None else str(value)
