"""What stands beside an enrolment about money, and what organisations still have to pay."""

from collections.abc import Iterable

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.courses.models import Session
from silian.education.enrolments import panels
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.panels import Link
from silian.education.fees.methods import known
from silian.education.fees.models import Line
from silian.education.fees.policy import may_pay, visible_receipts, with_money
from silian.governance.roles.policy import organisations_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.ui import formats


@panels.source
def receipts(user: User, enrolments: list[Enrolment]) -> Iterable[tuple[int, Link]]:
    lines = Line.objects.filter(enrolment__in=enrolments, receipt__in=visible_receipts(user))
    for line in lines.select_related("receipt__book", "receipt__session__course__consortium"):
        label = f"{line.receipt} · {formats.money(line.amount)}"
        yield line.enrolment_id, Link(label, line.receipt.get_absolute_url())


@panels.source
def online(user: User, enrolments: list[Enrolment]) -> Iterable[tuple[int, Link]]:
    """Where an installation has a way to pay online: a link for each, while something is open."""
    methods = known()
    keys = [one.pk for one in enrolments if methods and may_pay(user, one)]
    rows = with_money(Enrolment.objects.filter(pk__in=keys)).filter(open__gt=0)
    for row in rows.select_related("session__course__consortium"):
        for key, method in methods.items():
            facts = {"amount": formats.money(row.open), "method": method.label}
            url = reverse("fees:pay", args=[row.session.course.consortium, row.pk, key])
            yield row.pk, Link(_("Pay %(amount)s: %(method)s") % facts, url, waits=True)


@todos.source
def fees_to_pay(user: User) -> Iterable[Todo]:
    """An organisation: what is still open for sessions that have begun."""
    rows = Enrolment.objects.filter(
        organisation__in=organisations_of(user),
        payer__in=["member", "other"],
        session__starts_on__lte=clock.today(),
    )
    owing = with_money(rows).filter(open__gt=0).order_by().values("session")
    sums = dict(owing.annotate(n=Sum("open")).values_list("session", "n"))
    for session in Session.objects.filter(pk__in=sums).select_related("course__consortium"):
        consortium = session.course.consortium
        facts = {"amount": formats.money(sums[session.pk]), "session": session.title}
        yield Todo(
            _("Pay %(amount)s for “%(session)s”") % facts,
            reverse("fees:fee_index", args=[consortium, session.pk]),
            place=consortium.name,
        )
