from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from silian.industry.watches.models import Watch


class WatchForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Watch
        fields = ["name", "rhythm"]
        widgets = {"rhythm": forms.RadioSelect()}
        help_texts = {"rhythm": _("“At once” means within minutes.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rhythm"].choices = Watch.Rhythm.choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        watch = self.instance
        same = Watch.objects.filter(user=watch.user, consortium=watch.consortium, query=watch.query)
        if same.exclude(pk=watch.pk).exists():
            raise ValidationError(_("You have saved this search already."))
        return data
