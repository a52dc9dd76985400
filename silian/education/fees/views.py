"""What is owed for a session and has been paid, and receipts."""

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from silian.education.courses.models import Session
from silian.education.courses.policy import visible_sessions
from silian.education.enrolments.policy import visible_enrolments
from silian.education.fees import policy, services
from silian.education.fees.forms import PaymentForm
from silian.education.fees.methods import known
from silian.education.fees.tables import EntryTable, FeeFilter, FeeTable
from silian.governance.consortia.models import Consortium
from silian.kernel.files import services as files
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing


def fee_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The organiser ticks who has paid; an organisation sees what it owes."""
    session = session_of(request, consortium, pk)
    policy.may_see(request.user, session).enforce()
    return _page(request, session, PaymentForm())


@require_POST
def fees_receive(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    session = session_of(request, consortium, pk)
    policy.may_enter(request.user, session).enforce()
    form = PaymentForm(request.POST)
    ticked = [key for key in request.POST.getlist("enrolment") if key.isdecimal()]
    if not ticked:
        messages.error(request, _("Tick at least one row."))
    if not ticked or not form.is_valid():
        return _page(request, session, form)
    rows = visible_enrolments(request.user).filter(session=session, pk__in=ticked)
    payment = services.Payment(**form.cleaned_data)
    made = services.receive(session, rows, payment, by=request.user)
    told = ngettext("%(n)s receipt is issued.", "%(n)s receipts are issued.", len(made))
    messages.success(request, told % {"n": len(made)})
    return redirect("fees:fee_index", consortium, pk)


def receipt_paper(request: Request, consortium: Consortium, pk: int) -> HttpResponseBase:
    rows = policy.visible_receipts(request.user)
    receipt = get_object_or_404(rows, pk=pk, session__course__consortium=consortium)
    return files.respond(services.paper_of(receipt, by=request.user), inline=True)


def pay(request: Request, consortium: Consortium, pk: int, method: str) -> HttpResponse:
    """To where it is paid online."""
    rows = visible_enrolments(request.user).filter(session__course__consortium=consortium)
    enrolment = get_object_or_404(rows, pk=pk)
    policy.may_pay(request.user, enrolment).enforce()
    chosen = known().get(method)
    amount = policy.open_for(enrolment)
    if chosen is None or amount <= 0:
        raise Http404
    return redirect(chosen.begin(enrolment, amount, back=enrolment.get_absolute_url()))


def session_of(request: Request, consortium: Consortium, pk: int) -> Session:
    rows = visible_sessions(request.user)
    return get_object_or_404(rows, pk=pk, course__consortium=consortium)


def _page(request: Request, session: Session, form: PaymentForm) -> HttpResponse:
    rows = policy.visible_fees(request.user, session)
    enters = policy.may_enter(request.user, session)
    table = EntryTable if enters else FeeTable
    listing = Listing(request, rows, table, FeeFilter, name="fees")
    receipts = policy.visible_receipts(request.user).filter(session=session)
    context = {
        "session": session,
        "consortium": session.course.consortium,
        "form": form,
        "enters": bool(enters),
        "manages": bool(enters),
        "sums": rows.aggregate(due=Sum("owes"), came=Sum("paid"), left=Sum("open")),
        "receipts": receipts[:50],
    }
    return listing.page("fees/fee_index.html", context)
