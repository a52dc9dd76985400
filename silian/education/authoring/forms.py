"""Who takes part, the text of a section, a comment and its answer, as forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from silian.education.authoring.models import Comment, Contributor
from silian.education.standards.models import Edition, Section
from silian.education.standards.sections import shipped
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
from silian.kernel.documents.editor import Editor, TextForm


class ContributorForm(forms.ModelForm):  # type: ignore[type-arg]
    person = forms.CharField(
        label=_("account name or e-mail of a person"),
        max_length=150,
        required=False,
        help_text=_("Empty: whoever acts for the organisation. Nobody is named in public unasked."),
    )

    class Meta:
        model = Contributor
        fields = ["organisation", "part", "stated"]

    def __init__(self, partners: QuerySet[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        field.queryset = partners  # type: ignore[attr-defined]
        field.widget.attrs["data-search"] = ""
        self.order_fields(["organisation", "person", "part", "stated"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        unit, name = data.get("organisation"), data.get("person", "").strip()
        if unit is None:
            return data
        self.instance.user = self._person(unit, name) if name else None
        same = Contributor.objects.filter(edition=self.instance.edition, organisation=unit)
        if same.filter(user=self.instance.user).exists() and "person" not in self.errors:
            self.add_error("person" if name else "organisation", _("They take part already."))
        return data

    def _person(self, unit: Organisation, name: str) -> User | None:
        """One of the unit's own people: nobody learns of accounts elsewhere."""
        roles = Role.objects.running().filter(organisation=unit).exclude(kind=Role.Kind.STUDENT)
        rows = User.objects.filter(is_active=True, pk__in=roles.values("user"))
        found = rows.filter(username=name).first() or rows.filter(email__iexact=name).first()
        if found is None:
            self.add_error("person", _("Nobody of this organisation has such an account."))
        return found


class SectionForm(TextForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Section
        fields = ["text", "word"]
        widgets = {"text": Editor(attrs={"rows": 24})}


class CommentForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Comment
        fields = ["section", "unit", "quote", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"quote": _("Copy it from the text, where the comment is about a passage.")}

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        kinds = shipped()[edition.standard.kind]
        choices = [("", _("the whole")), *((kind.key, kind.name) for kind in kinds)]
        self.fields["section"] = forms.ChoiceField(
            label=_("section"), choices=choices, required=False
        )
        self.fields["unit"].queryset = edition.units.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        quote, key = data.get("quote", "").strip(), data.get("section")
        if quote and key:
            section = self.edition.sections.filter(kind=key).first()
            if section is None or _bare(quote) not in _bare(section.text):
                raise ValidationError({"quote": _("This passage does not stand in the section.")})
        return data


class SettleForm(forms.ModelForm):  # type: ignore[type-arg]
    outcome = forms.ChoiceField(
        label=_("outcome"), choices=Comment.Outcome.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Comment
        fields = ["outcome", "answer"]
        widgets = {"answer": forms.Textarea(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") in ("declined", "partly") and not data.get("answer", "").strip():
            self.add_error("answer", _("Say why not, or not all of it."))
        return data


def _bare(text: str) -> str:
    """Without spaces and the marks that Markdown needs, as one copies from a page."""
    return "".join(letter for letter in text if letter.isalnum())
