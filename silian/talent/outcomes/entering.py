"""What holds for an outcome however it is entered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock
from silian.talent.outcomes.models import Outcome


def clean_outcome(form: forms.Form) -> None:
    """What is known has a source and is not of the future."""
    data = form.cleaned_data
    if data.get("fate") and data["fate"] != Outcome.Fate.UNKNOWN and not data.get("source"):
        form.add_error("source", _("Say from where this is known."))
    if data.get("on") and data["on"] > clock.today():
        form.add_error("on", _("This day is in the future."))
