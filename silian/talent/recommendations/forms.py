from django import forms
from django.utils.translation import gettext_lazy as _

from silian.industry.demand.models import Position
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList

PLACING = [(kind.value, kind.label) for kind in Position.Kind if kind in Position.PLACING]


class LookingForm(forms.Form):
    """What somebody looks for; it stands in the address and is not kept."""

    kinds = forms.MultipleChoiceField(
        label=_("kind"), choices=PLACING, required=False, widget=forms.CheckboxSelectMultiple()
    )
    region = CodeField(CodeList.Kind.REGION, label=_("region"), required=False)
