"""The signings of a consortium: columns and filters."""

from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from silian.governance.signing.models import Process, Signatory
from silian.governance.signing.policy import waiting_for
from silian.governance.signing.services import waiting
from silian.kernel.ui.listing import DateColumn, LinkColumn, StateColumn, Table


class ProcessTable(Table):
    agreement = LinkColumn(order_by="agreement__title_zh", verbose_name=_("agreement"))
    signed = tables.Column(empty_values=(), orderable=False, verbose_name=_("signed so far"))
    waits_for = tables.Column(empty_values=(), orderable=False, verbose_name=_("waits for"))
    deadline = DateColumn()
    state = StateColumn()

    class Meta:
        model = Process
        fields = ["agreement", "signed", "waits_for", "deadline", "state"]
        sequence = fields

    def render_signed(self, record: Process) -> str:
        states = [signatory.state for signatory in record.signatories.all()]
        return f"{states.count('signed')} / {len(states)}"

    def render_waits_for(self, record: Process) -> str:
        if record.state != Process.State.OPEN:
            return "—"
        return "、".join(signatory.name for signatory in waiting(record)) or "—"


class ProcessFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("Title or signatory"))
    state = filters.ChoiceFilter(choices=Process.State.choices)
    waiting = filters.ChoiceFilter(
        choices=[("me", _("for my signature")), ("check", _("for the check of a scan"))],
        method="that_wait",
        label=_("waits"),
    )

    class Meta:
        model = Process
        fields = ["q", "state", "waiting"]

    def search(self, rows: QuerySet[Process], name: str, value: str) -> QuerySet[Process]:
        words = value.strip()
        titles = [f"agreement__{column}__icontains" for column in ("title_zh", "title_en")]
        found = Q(*((title, words) for title in titles), _connector=Q.OR)
        return rows.filter(found | Q(signatories__name__icontains=words)).distinct()

    def that_wait(self, rows: QuerySet[Process], name: str, value: str) -> Any:
        if value == "me":
            return rows.filter(pk__in=waiting_for(self.request.user).values("process"))
        scans = Signatory.objects.filter(state=Signatory.State.CHECKING)
        return rows.filter(pk__in=scans.values("process"), state=Process.State.OPEN)
