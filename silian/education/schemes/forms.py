"""A pass rule and its five parts as one form."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.schemes import policy, terms
from silian.education.schemes.levels import PartKind
from silian.education.schemes.models import Part, Scheme
from silian.governance.roles.policy import is_secretary
from silian.kernel.accounts.models import User
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList


class SchemeForm(forms.ModelForm):  # type: ignore[type-arg]
    occupation = CodeField(
        CodeList.Kind.OCCUPATION,
        label=gettext_lazy("occupation"),
        required=False,
        help_text=gettext_lazy("Empty for all occupations."),
    )

    class Meta:
        model = Scheme
        fields = """organisation level occupation source valid_months publicity_days appeal_days
        difference good excellent""".split()
        help_texts = {
            "organisation": gettext_lazy("Empty for all bodies of the consortium."),
            "good": gettext_lazy(
                "Empty where there are no grades. Each needed part has to reach it."
            ),
            "difference": gettext_lazy(
                "In points of 100. Where experts differ by more, the chief decides."
            ),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = policy.bodies_of(by, self.instance.consortium)
        field.required = not is_secretary(by, self.instance.consortium)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        good, excellent = data.get("good"), data.get("excellent")
        if excellent is not None and (good is None or excellent < good):
            self.add_error("excellent", _("Excellent asks for at least as much as good."))
        names = "organisation occupation level".split()
        same = Scheme.objects.filter(
            consortium=self.instance.consortium, **{name: data.get(name) for name in names}
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("level", _("There is a rule for this level already."))
        return data


class PartForm(forms.ModelForm):  # type: ignore[type-arg]
    """One part; what is not used is not asked about."""

    used = forms.BooleanField(label=gettext_lazy("belongs to this level"), required=False)

    class Meta:
        model = Part
        fields = "used method pass_mark judged needed".split()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("method", "pass_mark"):
            self.fields[name].required = False
        for name, field in self.fields.items():
            plain = "form-select" if name == "method" else "form-control"
            box = isinstance(field, forms.BooleanField)
            field.widget.attrs["class"] = "form-check-input" if box else plain

    @property
    def kind_label(self) -> str:
        return str(PartKind(self.instance.kind).label)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("used"):
            for name in ("method", "pass_mark"):
                if data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("This is needed."))
        elif data.get("pass_mark") is None:
            data["pass_mark"] = 60
        return data


class PartForms:
    """The five parts beside each other."""

    def __init__(self, scheme: Scheme, data: Any = None) -> None:
        stored = list(scheme.parts.all()) if scheme.pk else terms.usual_parts(scheme.level)
        known = {part.kind: part for part in stored}
        self.forms = [
            PartForm(
                data,
                prefix=kind,
                instance=known.get(kind) or Part(kind=kind),
                initial={"used": kind in known},
            )
            for kind in PartKind.values
        ]
        self.problem = ""

    def is_valid(self) -> bool:
        faulty = [form for form in self.forms if not form.is_valid()]  # each tells its errors
        if not faulty and not any(part.needed for part in self.parts):
            self.problem = _("At least one part has to be needed.")
        return not faulty and not self.problem

    @property
    def parts(self) -> list[Part]:
        return [form.instance for form in self.forms if form.cleaned_data.get("used")]
