"""What learners of a cohort are promised, and what they were paid."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict
from silian.talent.allowances import policy, services
from silian.talent.allowances.forms import AllowanceForm, PayForm
from silian.talent.allowances.models import Allowance, Payment
from silian.talent.allowances.tables import PaymentFilter, PaymentTable, page_of
from silian.talent.cohorts.models import Cohort
from silian.talent.cohorts.policy import may_take_part, visible_cohorts
from silian.talent.selections.policy import learners_in, place_of


def allowance_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """What was promised by phase; to a learner also what they got."""
    cohort = _cohort(request, consortium, pk)
    inside = bool(may_take_part(request.user, cohort))
    rows = policy.visible_allowances(request.user).filter(phase__cohort=cohort)
    unpaid = policy.unpaid(rows)
    mine = policy.payments_in(request.user, cohort)
    lines = [
        {
            "allowance": one,
            "paid": one.payments.aggregate(n=Sum("amount"))["n"] or 0,
            "unpaid": unpaid[one],
            "may_pay": policy.may_pay(request.user, one),
            "may_change": policy.may_change(request.user, one),
        }
        for one in unpaid
    ]
    context = {
        "cohort": cohort,
        "consortium": consortium,
        "inside": inside,
        "lines": lines,
        "payments": () if inside else mine,
        "may_promise": policy.may_promise(request.user, cohort),
    }
    return render(request, "allowances/allowance_index.html", context)


def payment_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    rows = policy.payments_in(request.user, cohort)
    listing = Listing(request, rows, PaymentTable, PaymentFilter, name="payments")
    context = {
        "cohort": cohort,
        "consortium": consortium,
        "inside": bool(may_take_part(request.user, cohort)),
        "may_promise": policy.may_promise(request.user, cohort),
    }
    return listing.page("allowances/payment_index.html", context)


def allowance_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    policy.may_promise(request.user, cohort).enforce()
    return _allowance_page(request, cohort, Allowance())


def allowance_edit(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    cohort, allowance = _allowance(request, consortium, pk, key)
    policy.may_change(request.user, allowance).enforce()
    return _allowance_page(request, cohort, allowance)


def pay(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    """One month of one allowance, for the whole class or some of it."""
    cohort, allowance = _allowance(request, consortium, pk, key)
    policy.may_pay(request.user, allowance).enforce()
    learners = learners_in(request.user, cohort).filter(state__in=["selected", "completed"])
    form = PayForm(allowance, learners, request.POST or None)
    index = reverse("allowances:allowance_index", args=[consortium, pk])
    if form.is_valid():
        data = form.cleaned_data
        services.pay(
            allowance,
            data["learners"],
            month=data["month"],
            amount=data["amount"],
            paid_on=data["paid_on"],
            by=request.user,
        )
        messages.success(request, _("Recorded. The learners can read it and object."))
        return redirect(index)
    context = {"form": form, "allowance": allowance, "consortium": consortium, "cancel": index}
    return render(request, "allowances/pay.html", context | {"cohort": cohort})


def payment_detail(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    payment = _payment(request, consortium, pk, key)
    verbs = "object answer take_back".split()
    context = {
        "object": payment,
        "payment": payment,
        "cohort": payment.learner.cohort,
        "consortium": consortium,
        **{f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, payment) for verb in verbs},
    }
    return render(request, "allowances/payment_detail.html", context)


# What is done to a payment with nothing but a reason: who may, and the service that does it.
VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any]]] = {
    "object": (policy.may_object, services.object_to),
    "answer": (policy.may_answer, services.answer),
    "take-back": (policy.may_take_back, services.take_back),
}


@require_POST
def payment_act(
    request: Request, consortium: Consortium, pk: int, key: int, verb: str
) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    may, service = VERBS[verb]
    payment = _payment(request, consortium, pk, key)
    may(request.user, payment).enforce()
    if not (reason := request.POST.get("reason", "").strip()[:300]):
        messages.error(request, _("Please give a reason."))
        return redirect(page_of(payment))
    service(payment, reason=reason, by=request.user)
    if verb == "take-back":
        return redirect("allowances:payment_index", consortium, pk)
    return redirect(page_of(payment))


def _cohort(request: Request, consortium: Consortium, pk: int) -> Cohort:
    """A cohort whose pay concerns the reader; for everybody else there is no such page."""
    cohort = get_object_or_404(visible_cohorts(request.user), pk=pk, consortium=consortium)
    if not (may_take_part(request.user, cohort) or place_of(request.user, cohort)):
        raise Http404
    return cohort


def _allowance(
    request: Request, consortium: Consortium, pk: int, key: int
) -> tuple[Cohort, Allowance]:
    cohort = _cohort(request, consortium, pk)
    rows = policy.visible_allowances(request.user)
    return cohort, get_object_or_404(rows, pk=key, phase__cohort=cohort)


def _payment(request: Request, consortium: Consortium, pk: int, key: int) -> Payment:
    cohort = _cohort(request, consortium, pk)
    return get_object_or_404(policy.payments_in(request.user, cohort), pk=key)


def _allowance_page(request: Request, cohort: Cohort, allowance: Allowance) -> HttpResponse:
    payers = policy.payers_for(request.user, cohort)
    form = AllowanceForm(cohort, payers, request.POST or None, instance=allowance)
    index = reverse("allowances:allowance_index", args=[cohort.consortium, cohort.pk])
    if request.method == "POST" and form.is_valid():
        services.save_allowance(form.save(commit=False), by=request.user)
        return redirect(index)
    context = {"form": form, "cohort": cohort, "consortium": cohort.consortium, "cancel": index}
    return render(request, "allowances/allowance_form.html", context)
