from typing import Any

from django.utils.translation import gettext_lazy as _

from silian.industry.demand.forms import WORK, WorkForm
from silian.industry.outlines.models import Template


class TemplateForm(WorkForm):
    """A template of an employer; of the consortium where the secretariat keeps one."""

    class Meta(WorkForm.Meta):
        model = Template
        fields = ["organisation", *WORK]

    def __init__(self, *args: Any, sample: bool = False, **kwargs: Any) -> None:
        self.sample = sample
        super().__init__(*args, **kwargs)
        self.fields["organisation"].required = not sample
        if sample:
            self.fields["organisation"].empty_label = _("All members")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        same = Template.objects.filter(
            consortium=self.instance.consortium,
            organisation=data.get("organisation"),
            kind=self.instance.kind,
            title_zh=data.get("title_zh", ""),
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("title_zh", _("There is a template of this title."))
        return data
