from typing import Any

import django_filters
import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from silian.kernel.jobs.models import Job
from silian.kernel.ui.listing import DateColumn, LinkColumn, NumberColumn, StateColumn, Table
from silian.kernel.ui.templatetags.ui import badge

# The queue's own words for a state, what people read, and its colour.
STATUSES = {
    "todo": (_("Waiting"), "azure"),
    "doing": (_("Running"), "blue"),
    "succeeded": (_("Done"), "green"),
    "failed": (_("Failed"), "red"),
    "cancelled": (_("Cancelled"), "secondary"),
    "aborted": (_("Aborted"), "orange"),
}

EVENTS = {
    "deferred": _("Queued"),
    "started": _("Started"),
    "deferred_for_retry": _("Queued again"),
    "retried": _("Queued again"),
    "failed": _("Failed"),
    "succeeded": _("Done"),
    "cancelled": _("Cancelled"),
    "abort_requested": _("Abort requested"),
    "aborted": _("Aborted"),
    "scheduled": _("Scheduled"),
}


class JobTable(Table):
    title = LinkColumn(to=lambda job: reverse("jobs:job_detail", args=[job.pk]))
    state = StateColumn()
    started_at = DateColumn()
    ended_at = DateColumn()

    class Meta:
        model = Job
        fields = ("title", "state", "started_at", "ended_at")

    def render_title(self, record: Job, column: LinkColumn) -> SafeString:
        return column.render(str(record), record)

    def value_title(self, record: Job) -> str:
        return str(record)


class JobFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Job.State.choices)


class QueueTable(Table):
    task_name = LinkColumn(
        verbose_name=_("task"), to=lambda queued: reverse("jobs:queued", args=[queued.pk])
    )
    status = tables.Column(verbose_name=_("state"))
    queue_name = tables.Column(verbose_name=pgettext_lazy("of tasks", "queue"))
    attempts = NumberColumn(verbose_name=_("attempts"))
    scheduled_at = DateColumn(verbose_name=_("not before"))
    error = tables.Column(verbose_name=_("error"))

    class Meta:
        model = ProcrastinateJob
        fields = ("task_name", "status", "queue_name", "attempts", "scheduled_at", "error")

    def render_task_name(self, record: Any, column: LinkColumn) -> SafeString:
        return column.render(name_of(record), record)

    def value_task_name(self, record: Any) -> str:
        return name_of(record)

    def render_status(self, value: str) -> SafeString:
        return badge(*STATUSES.get(value, (value, "secondary")))

    def value_status(self, value: str) -> str:
        return str(STATUSES.get(value, (value, ""))[0])


class QueueFilter(django_filters.FilterSet):
    q = django_filters.CharFilter("task_name", "icontains", label=_("Search tasks"))
    status = django_filters.ChoiceFilter(
        label=_("State"), choices=[(key, label) for key, (label, _colour) in STATUSES.items()]
    )


def name_of(queued: Any) -> str:
    """The title that people gave the work, or the task's own name."""
    return gettext(queued.title) if queued.title else queued.task_name
