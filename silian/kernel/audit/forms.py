from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _


class CheckForm(forms.Form):
    """Nothing has to be filled in; an earlier head makes the check prove more."""

    expect = forms.CharField(
        label=_("An earlier head"),
        required=False,
        min_length=64,
        max_length=64,
        validators=[RegexValidator("^[0-9a-f]*$", _("A head has 64 characters, 0–9 and a–f."))],
        help_text=_(
            "If somebody kept a head of the record, paste it here: the check then also shows"
            " that nothing before it was removed or written anew."
        ),
    )
