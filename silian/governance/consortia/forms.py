"""What a consortium says about itself, as forms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from silian.governance.consortia.models import (
    RESERVED_SLUGS,
    Cluster,
    Consortium,
    Figure,
)
from silian.kernel.accounts.models import User
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.widgets import DayInput


class ConsortiumForm(forms.ModelForm):  # type: ignore[type-arg]
    region = CodeField(CodeList.Kind.REGION, label=_("region"), required=False)

    class Meta:
        model = Consortium
        fields = (
            "kind name_zh name_en short_name_zh short_name_en region parent founded_on "
            "purpose_zh purpose_en"
        ).split()
        widgets = {
            "founded_on": DayInput(),
            "purpose_zh": forms.Textarea(attrs={"rows": 8}),
            "purpose_en": forms.Textarea(attrs={"rows": 8}),
        }
        help_texts = {"purpose_zh": _("Markdown: ## heading, - list, **bold**.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parents().queryset = Consortium.objects.exclude(pk=self.instance.pk)

    def parents(self) -> "forms.ModelChoiceField[Consortium]":
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    def clean_parent(self) -> Consortium | None:
        parent: Consortium | None = self.cleaned_data["parent"]
        above = parent
        while above and self.instance.pk:
            if above.pk == self.instance.pk:
                raise ValidationError(_("A consortium cannot belong to one that belongs to it."))
            above = above.parent
        return parent


class NewConsortiumForm(ConsortiumForm):
    """As the system administrator sets one up, with its address and first secretary."""

    secretary = forms.CharField(
        label=_("first secretary"),
        required=False,
        help_text=_("User name, e-mail or mobile phone of somebody who has an account."),
    )

    class Meta(ConsortiumForm.Meta):
        fields = ["slug", *ConsortiumForm.Meta.fields]
        help_texts = {
            "slug": _("Stands in every address of its pages and stays: small letters, digits, -.")
        }

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS:
            raise ValidationError(_("Silian itself uses this address. Please choose another."))
        return slug

    def clean_secretary(self) -> User | None:
        who = self.cleaned_data["secretary"].strip()
        if not who:
            return None
        ways = ("username", "email__iexact", "phone")
        found = (User.objects.filter(is_active=True, **{way: who}).first() for way in ways)
        person = next((user for user in found if user), None)
        if not person:
            raise ValidationError(_("Nobody with this user name, e-mail or phone has an account."))
        return person


class ClusterForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Cluster
        fields = ["name_zh", "name_en", "parent"]
        labels = {"parent": _("part of")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = self.instance.consortium.clusters.exclude(pk__in=self.branch())

    def branch(self) -> list[int]:
        """Keys of the cluster and of all below it, none of which can be its parent."""
        found = [self.instance.pk] if self.instance.pk else []
        for cluster in self.instance.consortium.cluster_tree():
            if cluster.parent_id in found:
                found.append(cluster.pk)
        return found

    def clean_name_zh(self) -> str:
        name: str = self.cleaned_data["name_zh"]
        others = self.instance.consortium.clusters.exclude(pk=self.instance.pk)
        if others.filter(name_zh=name).exists():
            raise ValidationError(_("There is a cluster of this name already."))
        return name


class FigureForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Figure
        fields = ["label_zh", "label_en", "value", "at_least", "source", "as_of", "order"]
        labels = {"order": _("order")}
        widgets = {"as_of": DayInput()}
        help_texts = {"source": _("Where the number was published.")}
