"""What waits for schools and the secretariat about advice, and what can be found."""

from collections.abc import Iterable

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.advice import policy
from silian.education.advice.models import Advice, Report
from silian.education.advice.papers import title_of
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search.services import index

index(
    Report,
    visible=policy.visible_reports,
    text=lambda report: [
        "专业跟着产业走",
        title_of(report),
        report.foreword_zh,
        report.foreword_en,
    ],
    name=gettext_lazy("Advice on programmes"),
)


@todos.source
def advice_to_answer(user: User) -> Iterable[Todo]:
    """Schools: what is advised for their programmes and has no answer yet."""
    mine = organisations_of(user)
    asked = Advice.objects.filter(
        report__state=Report.State.ANSWERING, programme__school__in=mine
    ).exclude(answers__school__in=mine)
    counts = dict(asked.order_by().values_list("report").annotate(Count("pk")))
    for report in Report.objects.filter(pk__in=counts).select_related("consortium"):
        label = _("Advice on your programmes to answer")
        url, place = report.get_absolute_url(), report.consortium.name
        yield Todo(label, url, counts[report.pk], place=place)


@todos.source
def reports_to_publish(user: User) -> Iterable[Todo]:
    """The secretariat: what is drafted, or before the schools."""
    waiting = Report.objects.filter(
        state__in=(Report.State.DRAFT, Report.State.ANSWERING),
        consortium__in=secretariats_of(user),
    ).select_related("consortium")
    for report in waiting:
        label = _("Advice on programmes of %(year)s to publish") % {"year": report.year}
        yield Todo(label, report.get_absolute_url(), 1, place=report.consortium.name)
