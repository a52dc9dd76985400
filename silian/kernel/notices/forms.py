"""The search above the list of notices."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NoticeSearch(forms.Form):
    """Which notices to show; anything unknown is taken as not asked for."""

    show = forms.ChoiceField(choices=[("all", _("All")), ("unread", _("Unread"))], required=False)
    q = forms.CharField(max_length=100, required=False)

    def wanted(self) -> tuple[bool, str]:
        """Only the unread? and the words looked for."""
        self.is_valid()
        return self.cleaned_data.get("show") == "unread", self.cleaned_data.get("q", "")
