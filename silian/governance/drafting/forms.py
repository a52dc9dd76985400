"""A draft with its parties, its terms, its wording, what is said about it, and templates."""

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from silian.governance.agreements.models import Agreement, Comment, Version
from silian.governance.drafting import places
from silian.governance.drafting.models import Template
from silian.governance.drafting.terms import Term, grouped, terms_of
from silian.governance.members.models import Organisation
from silian.kernel.bilingual import in_reading_language
from silian.kernel.documents.editor import Editor, TextForm
from silian.kernel.files.content import limit
from silian.kernel.ui.widgets import DayInput

FEWEST = 2  # parties that an agreement has
Rows = list[tuple[str, str]]  # of a party: key, part


class PartiesInput(forms.Widget):
    """Rows of one party and its part each, in an order that the reader can change."""

    template_name = "drafting/parties_input.html"
    search_url = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Rows:
        many = isinstance(data, MultiValueDict)
        keys = data.getlist(name) if many else data.get(name, [])
        parts = data.getlist(f"{name}_part") if many else data.get(f"{name}_part", [])
        parts = [*parts, *[""] * (len(keys) - len(parts))]
        return [(key, part) for key, part in zip(keys, parts, strict=False) if key]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen: Rows = [(str(key), part) for key, part in value or []]
        known = Organisation.objects.filter(pk__in=_keys(key for key, _part in chosen))
        names = {str(row.pk): row.name for row in known}
        rows = [(key, names[key], part) for key, part in chosen if key in names]
        rows += [("", "", "")] * (FEWEST - len(rows))
        return context | {"rows": rows, "search_url": self.search_url}

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0"


def _keys(values: Iterable[str]) -> list[int]:
    """Those that can be keys at all; the field itself complains about the others."""
    return [int(value) for value in values if value.isdecimal() and len(value) < 19]


class PartiesField(forms.Field):
    """Two or more organisations with their parts, in the order given."""

    widget: type[PartiesInput] | PartiesInput = PartiesInput
    queryset: QuerySet[Organisation] = Organisation.objects.none()
    kept: frozenset[int] = frozenset()  # parties that must stay

    def clean(self, value: Rows) -> list[tuple[Organisation, str]]:
        keys = [key for key, _part in value or []]
        if len(keys) < FEWEST:
            raise ValidationError(_("An agreement has at least two parties."))
        if len(set(keys)) < len(keys):
            raise ValidationError(_("A party is named twice."))
        rows = {str(row.pk): row for row in self.queryset.filter(pk__in=_keys(keys))}
        if set(keys) - set(rows):
            raise ValidationError(_("Every party must be a member of the consortium."))
        if self.kept - {row.pk for row in rows.values()}:
            raise ValidationError(_("Only the secretariat takes a party out."))
        return [(rows[key], part.strip()[:100]) for key, part in value]


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]
    """``members`` is who can be a party, ``kept`` who must stay or become one."""

    parties = PartiesField(
        label=_("parties"),
        help_text=_("Type a part of a name. In the order in which they sign, each with its part."),
    )

    class Meta:
        model = Agreement
        fields = """kind title_zh title_en parties expires_on public_text summary_zh
        summary_en""".split()
        widgets = {
            "expires_on": DayInput(),
            "summary_zh": forms.Textarea(attrs={"rows": 4}),
            "summary_en": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "expires_on": _("The last day of the term, where there is one."),
            "summary_zh": _("Public once it is signed. Markdown can be used."),
        }

    def __init__(
        self, members: QuerySet[Organisation], *args: Any, kept: Iterable[int] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parties"]
        assert isinstance(field, PartiesField) and isinstance(field.widget, PartiesInput)
        field.queryset, field.kept = members, frozenset(kept)
        self.fields["kind"].choices = Agreement.ORDINARY_KINDS  # type: ignore[attr-defined]
        place = f"?consortium={self.instance.consortium_id}"
        field.widget.search_url = reverse("directory:organisation_search") + place
        if self.instance.pk:
            rows = self.instance.party_set.all()
            self.initial["parties"] = [(p.organisation_id, p.part) for p in rows]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(_("What is agreed"), _pair("kind", "expires_on"), "title_zh", "title_en"),
            Fieldset(_("Between whom"), "parties"),
            Fieldset(_("What the public reads"), "summary_zh", "summary_en", "public_text"),
        )


def _pair(left: str, right: str) -> Row:
    return Row(Column(left, css_class="col-md-6"), Column(right, css_class="col-md-6"))


def _is_yes(value: str) -> bool:
    return value == str(True)


FIELDS: dict[str, tuple[type[forms.Field], dict[str, Any]]] = {
    "text": (forms.CharField, {"max_length": 300}),
    "long": (forms.CharField, {"max_length": 5000, "widget": forms.Textarea(attrs={"rows": 3})}),
    "number": (forms.IntegerField, {"min_value": 0, "max_value": 10_000_000}),
    "money": (forms.DecimalField, {"min_value": 0, "max_digits": 15, "decimal_places": 2}),
    "date": (forms.DateField, {"widget": DayInput()}),
    "yes_no": (forms.TypedChoiceField, {"coerce": _is_yes, "empty_value": None}),
    "choice": (forms.ChoiceField, {}),
    "party": (forms.ChoiceField, {}),
}


class TermsForm(forms.Form):
    """The terms of one kind of agreement; everything may stay open until the text is frozen."""

    def __init__(self, agreement: Agreement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = agreement.terms or {}
        groups = grouped(terms_of(agreement.kind))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout()
        for group, terms in groups.items():
            for term in terms:
                self.fields[term.name] = _field(term, agreement)
                self.initial[term.name] = given.get(term.name)
            names = [term.name for term in terms]
            self.helper.layout.append(Fieldset(in_reading_language(*group), *names))

    def terms(self) -> dict[str, Any]:
        """What was given, as JSON can keep it."""
        return {name: _as_kept(value) for name, value in self.cleaned_data.items()}


def _field(term: Term, agreement: Agreement) -> forms.Field:
    source = _("Source: %s") % term.source
    note = f"{term.help} {source}".strip()
    label = _("%s (needed)") % term.label if term.required else term.label
    options: list[tuple[str, Any]] = [("", "---------"), *term.options]
    if term.type == "yes_no":
        options += [(str(True), _("Yes")), (str(False), _("No"))]
    if term.type == "party":
        options += [(str(p.organisation_id), str(p)) for p in agreement.party_set.all()]
    kind, facts = FIELDS[term.type]
    if issubclass(kind, forms.ChoiceField):
        facts = facts | {"choices": options}
    return kind(label=label, help_text=note, required=False, **facts)


def _as_kept(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


class VersionForm(TextForm):
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Version
        fields = ["text", "note", "after", "word"]
        widgets = {"text": Editor(attrs={"rows": 28})}
        help_texts = {"note": _("One line for the others at the table.")}


class TemplateForm(TextForm):
    class Meta:
        model = Template
        fields = ["kind", "name", "text", "word"]
        widgets = {"text": Editor(attrs={"rows": 28})}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        same = Template.objects.filter(consortium=self.instance.consortium_id)
        same = same.filter(kind=data.get("kind"), name=data.get("name"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("There is a template of this name already."))
        if unknown := places.unknown(data.get("text", ""), data.get("kind") or "framework"):
            names = "、".join("{{ " + name + " }}" for name in unknown)
            message = _("Nothing fills these places: %(names)s")
            self.add_error("text", ValidationError(message, params={"names": names}))
        return data


class CommentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Comment
        fields = ["quote", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"quote": _("Copy it from the text, where the comment is about a passage.")}


class CheckForm(forms.Form):
    """A file to be compared with the one that was frozen."""

    file = forms.FileField(label=_("Your copy"))

    def clean_file(self) -> Any:
        if self.cleaned_data["file"].size > limit():
            raise ValidationError(_("The file is too large to be a document of ours."))
        return self.cleaned_data["file"]

    def sha256(self) -> str:
        """Of what was given; the file itself is kept nowhere."""
        digest = hashlib.sha256()
        for chunk in self.cleaned_data["file"].chunks():
            digest.update(chunk)
        return digest.hexdigest()
