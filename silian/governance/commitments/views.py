"""What the parties of agreements have to do, and how their years went."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from silian.governance.agreements.models import Agreement
from silian.governance.commitments import policy, services
from silian.governance.commitments.forms import (
    AssessmentForm,
    CommitmentForm,
    ConclusionForm,
    ReportForm,
)
from silian.governance.commitments.models import Commitment, Evaluation
from silian.governance.commitments.tables import (
    CommitmentFilter,
    CommitmentTable,
    EvaluationFilter,
    EvaluationTable,
)
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import is_secretary
from silian.kernel import clock
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

# --- commitments ------------------------------------------------------------------------


def commitment_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_commitments(request.user).filter(agreement__consortium=consortium)
    listing = Listing(request, rows, CommitmentTable, CommitmentFilter, name="commitments")
    return listing.page("commitments/commitment_index.html", {"consortium": consortium})


def commitment_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    commitment = _commitment(request, consortium, pk)
    context: dict[str, Any] = {
        "object": commitment,
        "commitment": commitment,
        "consortium": consortium,
        "evidence": commitment.evidence.select_related("file", "by"),
    }
    verdicts = "report accept waive miss".split()
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, commitment) for v in verdicts}
    return render(request, "commitments/commitment_detail.html", context)


def _commitment(request: Request, consortium: Consortium, pk: int) -> Commitment:
    rows = policy.visible_commitments(request.user)
    return get_object_or_404(rows, pk=pk, agreement__consortium=consortium)


def _agreement(request: Request, consortium: Consortium, pk: int) -> Agreement:
    return get_object_or_404(policy.agreements_of(request.user), pk=pk, consortium=consortium)


def commitment_new(request: Request, consortium: Consortium, agreement: int) -> HttpResponse:
    found = _agreement(request, consortium, agreement)
    policy.may_add(request.user, found).enforce()
    owners = policy.speakers(request.user, found)
    blank = Commitment(agreement=found)
    form = CommitmentForm(owners, found.parties.all(), request.POST or None, instance=blank)
    if form.is_valid():
        saved = services.add_commitment(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(saved)
    context = {"agreement": found, "form": form, "cancel": found.get_absolute_url()}
    return render(request, "commitments/commitment_new.html", {"consortium": consortium} | context)


def report(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    commitment = _commitment(request, consortium, pk)
    policy.may_report(request.user, commitment).enforce()
    form = ReportForm(commitment, request.POST or None, request.FILES or None)
    if form.is_valid():
        data = form.cleaned_data
        services.report(commitment, by=request.user, text=data["text"], files=data["evidence"])
        messages.success(request, _("Reported. The other party accepts or returns it."))
        return redirect(commitment)
    context = {"commitment": commitment, "form": form, "cancel": commitment.get_absolute_url()}
    return render(request, "commitments/report.html", {"consortium": consortium} | context)


@require_POST
def accept(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    commitment = _commitment(request, consortium, pk)
    policy.may_accept(request.user, commitment).enforce()
    services.accept(commitment, by=request.user)
    messages.success(request, _("Accepted."))
    return redirect(commitment)


# What is done with nothing but a reason: who may, and the service that does it.
VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., None]]] = {
    "return": (policy.may_accept, services.send_back),
    "miss": (policy.may_miss, services.miss),
    "waive": (policy.may_waive, services.waive),
}


@require_POST
def act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    may, service = VERBS[verb]
    commitment = _commitment(request, consortium, pk)
    may(request.user, commitment).enforce()
    why = request.POST.get("reason", "").strip()
    if not why:
        messages.error(request, _("Please give a reason; the other side reads it."))
        return redirect(commitment)
    service(commitment, by=request.user, why=why)
    return redirect(commitment)


@require_GET
def evidence_file(request: Request, consortium: Consortium, pk: int) -> HttpResponseBase:
    rows = policy.visible_evidence(request.user)
    found = get_object_or_404(rows, pk=pk, commitment__agreement__consortium=consortium)
    return respond(found.file, inline=True)


# --- yearly evaluation ------------------------------------------------------------------


def evaluation_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_evaluations(request.user).filter(agreement__consortium=consortium)
    context = {
        "consortium": consortium,
        "may_open_all": is_secretary(request.user, consortium),
        "year": clock.today().year,
    }
    listing = Listing(request, rows, EvaluationTable, EvaluationFilter, name="evaluations")
    return listing.page("commitments/evaluation_index.html", context)


@require_POST
def evaluation_open_all(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_open_all(request.user, consortium).enforce()
    opened = services.open_evaluations(consortium, by=request.user)
    said = ngettext("%(n)d evaluation opened.", "%(n)d evaluations opened.", opened)
    messages.success(request, said % {"n": opened})
    return redirect("commitments:evaluation_index", consortium)


@require_POST
def evaluation_open(request: Request, consortium: Consortium, agreement: int) -> HttpResponse:
    found = _agreement(request, consortium, agreement)
    policy.may_open(request.user, found).enforce()
    return redirect(services.open_evaluation(found, by=request.user))


def _evaluation(request: Request, consortium: Consortium, pk: int) -> Evaluation:
    rows = policy.visible_evaluations(request.user)
    return get_object_or_404(rows, pk=pk, agreement__consortium=consortium)


def evaluation_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    evaluation = _evaluation(request, consortium, pk)
    context = {
        "object": evaluation,
        "evaluation": evaluation,
        "consortium": consortium,
        "missing": policy.unanswered(evaluation),
        "may_assess": policy.may_assess(request.user, evaluation),
        "may_conclude": policy.may_conclude(request.user, evaluation),
    }
    return render(request, "commitments/evaluation_detail.html", context)


def assess(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    evaluation = _evaluation(request, consortium, pk)
    policy.may_assess(request.user, evaluation).enforce()
    form = AssessmentForm(policy.answering_for(request.user, evaluation), request.POST or None)
    if form.is_valid():
        services.assess(evaluation, by=request.user, **form.cleaned_data)
        messages.success(request, _("Thank you. The secretariat concludes the evaluation."))
        return redirect(evaluation)
    context = {"evaluation": evaluation, "form": form, "cancel": evaluation.get_absolute_url()}
    return render(request, "commitments/assess.html", {"consortium": consortium} | context)


def conclude(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    evaluation = _evaluation(request, consortium, pk)
    policy.may_conclude(request.user, evaluation).enforce()
    form = ConclusionForm(request.POST or None, initial={"conclusion": evaluation.conclusion})
    if form.is_valid():
        services.conclude(evaluation, by=request.user, **form.cleaned_data)
        messages.success(request, _("The evaluation is concluded."))
        return redirect(evaluation)
    context = {"evaluation": evaluation, "form": form, "cancel": evaluation.get_absolute_url()}
    return render(request, "commitments/conclude.html", {"consortium": consortium} | context)
