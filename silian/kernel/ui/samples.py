"""What the living page of the components shows; invented, and kept nowhere."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import FilterSet
from django_tables2 import Column

from silian.kernel.ui.charts import Chart
from silian.kernel.ui.columns import LinkColumn, NumberColumn, Table
from silian.kernel.verdicts import YES, Verdict

PROSE = """
## 岗位职责

1. 负责**无菌生产线**的日常操作与记录;
2. 参与工艺验证,整理数据。

| 班次 | 时间 |
| --- | --- |
| 早班 | 8:00–16:00 |
| 晚班 | 16:00–24:00 |

> Markdown, without <script>.
"""


@dataclass(frozen=True)
class Sample:
    """Something with a state."""

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Draft")
        SUBMITTED = "submitted", gettext_lazy("Awaiting review")
        RETURNED = "returned", gettext_lazy("Returned for changes")
        PUBLISHED = "published", gettext_lazy("Published")
        RUNNING = "running", gettext_lazy("Running")
        DONE = "done", gettext_lazy("Done")
        FAILED = "failed", gettext_lazy("Failed")

    STATE_COLOURS: ClassVar = {
        "submitted": "blue",
        "returned": "orange",
        "published": "green",
        "running": "azure",
        "done": "teal",
        "failed": "red",
    }
    state: str

    def get_state_display(self) -> str:
        return str(self.State(self.state).label)


@dataclass(frozen=True)
class SampleJob(Sample):
    """A job; it has no key, so nothing asks how far it is."""

    title: str = "Import"
    done: int = 0
    total: int | None = None
    url: str = ""
    error: str = ""
    pk: None = None


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    places = forms.IntegerField(
        label=gettext_lazy("Head count"), min_value=1, help_text=gettext_lazy("At least one.")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[*Sample.State.choices],
        widget=forms.Select(attrs={"data-search": ""}),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("Starts on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    duties = forms.CharField(
        label=gettext_lazy("Duties"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    agreed = forms.BooleanField(label=gettext_lazy("I have read the notice"), required=False)


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), help_text="xlsx, csv, pdf")


class SampleTable(Table):
    """The tables of the database, since every installation has them."""

    model = LinkColumn(verbose_name=gettext_lazy("Name"), to=lambda row: f"#{row.pk}")
    app_label = Column(verbose_name=gettext_lazy("Kind"))
    pk = NumberColumn(verbose_name=gettext_lazy("Number"))

    class Meta:
        model = ContentType
        fields = ["model", "app_label", "pk"]


class SampleFilter(FilterSet):
    q = django_filters.CharFilter(
        field_name="model", lookup_expr="contains", label=gettext_lazy("Name")
    )
    app_label = django_filters.AllValuesFilter(label=gettext_lazy("Kind"))

    class Meta:
        model = ContentType
        fields: ClassVar[list[str]] = []


def charts() -> list[Chart]:
    """One chart of each kind."""
    years = ["2023", "2024", "2025", "2026"]
    demand, supply = _("Demand"), _("Supply")
    work = ["生物制药工艺", "医疗器械质检", "药品物流", "临床数据管理"]
    two = {demand: [820, 932, 1104, 1290], supply: [760, 810, 905, 1120]}
    people = _("people")
    return [
        Chart(_("Demand and supply by year"), years, two, unit=people),
        Chart(_("Demand and supply by year"), years, two, kind="line", unit=people),
        Chart(_("Demand by occupation"), work, {demand: [420, 380, 260, 90]}, kind="across"),
        Chart(_("Demand by occupation"), work, {demand: [420, 380, 260, 90]}, kind="pie"),
    ]


def shown() -> dict[str, Any]:
    """Everything else the page shows."""
    return {
        "samples": [Sample(state) for state in Sample.State],
        "sample": Sample(Sample.State.SUBMITTED),
        "yes": YES,
        "no": Verdict(_("Only the secretariat may publish.")),
        "jobs": [
            SampleJob("running", done=3400, total=12000),
            SampleJob("running"),
            SampleJob("done", url="#jobs"),
            SampleJob("failed", error="A12: 统一社会信用代码"),
        ],
        "charts": charts(),
        "prose": PROSE,
        "today": date(2026, 11, 22),
        "amount": Decimal("12500.50"),
        "steps": [_("Upload"), _("Check"), _("Confirm"), _("Result")],
        "file_form": FileForm(),
    }
