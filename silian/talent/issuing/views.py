"""Batches from draft to issue, and what the public reads of them."""

from collections.abc import Callable
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.documents.services import download
from silian.kernel.files import services as files
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict
from silian.talent.credentials.services import note_view
from silian.talent.issuing import policy, services
from silian.talent.issuing.forms import (
    PHOTOS,
    AnswerForm,
    BatchForm,
    CandidateForm,
    HandOverForm,
    ObjectionForm,
)
from silian.talent.issuing.models import Batch, Candidate
from silian.talent.issuing.tables import BatchFilter, BatchTable, CandidateFilter, CandidateTable
from silian.talent.verification.papers import paper_of

SHOWN = 100  # of a public list on one page
PRINTED = 50  # certificates in one file: it is there within seconds


def batch_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_batches(request.user).filter(consortium=consortium)
    listing = Listing(request, rows, BatchTable, BatchFilter, name="batches")
    may_draft = policy.may_draft(request.user, consortium)
    context = {"consortium": consortium, "may_draft": may_draft}
    return listing.page("issuing/batch_index.html", context)


def batch_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The list, and what to do next with it."""
    batch = batch_of(request, consortium, pk)
    rows = policy.visible_candidates(batch)
    verbs = "edit hand_over return issue strike".split()
    verdicts = {f"may_{v}": getattr(policy, f"may_{v}")(request.user, batch) for v in verbs}
    context = {
        "consortium": consortium,
        "object": batch,
        "objections": policy.visible_objections(batch),
        "waiting": policy.waiting(batch).count() if verdicts["may_edit"] else 0,
        "running": batch.job if batch.job and not batch.job.over else None,
        "parts": range(1, -(-policy.papers_in(request.user, batch).count() // PRINTED) + 1),
        "failed": batch.job if batch.job and batch.job.state == "failed" else None,
        **verdicts,
    }
    listing = Listing(request, rows, CandidateTable, CandidateFilter, name="candidates")
    return listing.page("issuing/batch_detail.html", context)


def batch_papers(request: Request, consortium: Consortium, pk: int, part: int) -> HttpResponse:
    """Fifty certificates as one PDF, to be printed."""
    batch = batch_of(request, consortium, pk)
    rows = policy.papers_in(request.user, batch)[PRINTED * (part - 1) : PRINTED * part]
    if part < 1 or not rows:
        raise Http404
    for certificate in rows:
        note_view(certificate, by=request.user, how=gettext_noop("Certificate taken as a PDF"))
    return download(paper_of(rows), f"{batch.title}-{part}.pdf")


def batch_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_draft(request.user, consortium).enforce()
    return _batch_page(request, consortium, Batch(consortium=consortium))


def batch_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    batch = batch_of(request, consortium, pk)
    policy.may_edit(request.user, batch).enforce()
    return _batch_page(request, consortium, batch)


def hand_over(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Into publicity; kinds without publicity go to the officer at once."""
    batch = batch_of(request, consortium, pk)
    policy.may_hand_over(request.user, batch).enforce()
    form = HandOverForm(batch, request.POST or None)
    if not batch.kind.publicity_days and request.method == "POST":
        services.hand_over(batch, by=request.user)
        return redirect(batch)
    if form.is_valid():
        services.hand_over(batch, until=form.cleaned_data["until"], by=request.user)
        return redirect(batch)
    context = {"consortium": consortium, "object": batch, "form": form}
    context["cancel"] = batch.get_absolute_url()
    return render(request, "issuing/hand_over.html", context)


# What is done to a batch by pressing a button, and whether it needs a reason.
VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any], bool]] = {
    "take": (policy.may_edit, services.take_achievements, False),
    "issue": (policy.may_issue, services.start_issuing, False),
    "return": (policy.may_return, services.return_batch, True),
    "drop": (policy.may_edit, services.drop_batch, True),
}


@require_POST
def batch_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    batch = batch_of(request, consortium, pk)
    if verb not in VERBS:
        raise Http404
    may, service, reasoned = VERBS[verb]
    may(request.user, batch).enforce()
    words = _reason(request) if reasoned else {}
    if words or not reasoned:
        service(batch, by=request.user, **words)
    return redirect(batch)


def candidate_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    batch = batch_of(request, consortium, pk)
    policy.may_edit(request.user, batch).enforce()
    form = CandidateForm(batch, request.POST or None, request.FILES or None)
    if form.is_valid():
        row = form.cleaned_data
        if row["photo"]:
            row["photo"] = files.store(row["photo"], by=request.user, kinds=PHOTOS)
        services.add_candidates(batch, [row], by=request.user)
        return redirect(batch)
    context = {"consortium": consortium, "object": batch, "form": form}
    context["cancel"] = batch.get_absolute_url()
    return render(request, "issuing/candidate_form.html", context)


def candidate_detail(
    request: Request, consortium: Consortium, pk: int, candidate: int
) -> HttpResponse:
    batch = batch_of(request, consortium, pk)
    context = {
        "consortium": consortium,
        "batch": batch,
        "candidate": candidate_of(batch, candidate),
        "may_edit": policy.may_edit(request.user, batch),
        "may_strike": policy.may_strike(request.user, batch),
    }
    return render(request, "issuing/candidate_detail.html", context)


@require_POST
def candidate_act(
    request: Request, consortium: Consortium, pk: int, candidate: int, verb: str
) -> HttpResponse:
    """Remove from a draft; strike from a public list, with a reason."""
    batch = batch_of(request, consortium, pk)
    found = candidate_of(batch, candidate)
    if verb == "remove":
        policy.may_edit(request.user, batch).enforce()
        services.remove_candidate(found, by=request.user)
    elif verb == "strike":
        policy.may_strike(request.user, batch).enforce()
        if words := _reason(request):
            services.strike(found, by=request.user, **words)
    else:
        raise Http404
    return redirect(batch)


def objection_answer(
    request: Request, consortium: Consortium, pk: int, objection: int
) -> HttpResponse:
    batch = batch_of(request, consortium, pk)
    found = get_object_or_404(policy.visible_objections(batch), pk=objection)
    policy.may_answer(request.user, found).enforce()
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        services.answer_objection(found, by=request.user, **form.cleaned_data)
        return redirect(batch)
    context = {"consortium": consortium, "object": batch, "objection": found, "form": form}
    context["cancel"] = batch.get_absolute_url()
    return render(request, "issuing/objection_answer.html", context)


@login_not_required
def publicity_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.public_batches().filter(consortium=consortium)
    context = {"consortium": consortium, "batches": rows}
    return render(request, "issuing/publicity_index.html", context)


@login_not_required
def publicity(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """The list with masked names, while its days run."""
    batch = get_object_or_404(policy.public_batches(), pk=pk, consortium=consortium)
    rows = policy.visible_candidates(batch)
    pages = Paginator(rows, SHOWN)
    page = pages.get_page(request.GET.get("page"))
    context = {"consortium": consortium, "batch": batch, "page": page}
    return render(request, "issuing/publicity.html", context)


@never_cache
@login_not_required
def object_to(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    batch = get_object_or_404(policy.public_batches(), pk=pk, consortium=consortium)
    form = ObjectionForm(request.POST or None)
    back = reverse("issuing:publicity", args=[consortium, pk])
    context = {"consortium": consortium, "batch": batch, "form": form, "cancel": back}
    if form.is_valid():
        if ratelimit.consume(request, action="complaint"):
            facts = {name: form.cleaned_data[name] for name in ("text", "contact", "place")}
            services.object_to(batch, **facts)
            messages.success(request, _("Your objection was received. It is answered in writing."))
            return redirect(back)
        form.add_error(None, _("Too many objections come from here. Wait a minute."))
    return render(request, "issuing/object_to.html", context)


def batch_of(request: Request, consortium: Consortium, pk: int) -> Batch:
    return get_object_or_404(policy.visible_batches(request.user), pk=pk, consortium=consortium)


def candidate_of(batch: Batch, pk: int) -> Candidate:
    return get_object_or_404(policy.visible_candidates(batch), pk=pk)


def _reason(request: Request) -> dict[str, str]:
    """What the dialog asked for; without it nothing is done and the page says so."""
    if reason := request.POST.get("reason", "").strip()[:300]:
        return {"reason": reason}
    messages.error(request, _("Please give a reason."))
    return {}


def _batch_page(request: Request, consortium: Consortium, batch: Batch) -> HttpResponse:
    form = BatchForm(request.POST or None, instance=batch, consortium=consortium, by=request.user)
    if request.method == "POST" and form.is_valid():
        saved = services.save_batch(form.save(commit=False), by=request.user)
        return redirect(saved)
    index = reverse("issuing:batch_index", args=[consortium])
    cancel = batch.get_absolute_url() if batch.pk else index
    context = {"form": form, "consortium": consortium, "cancel": cancel}
    return render(request, "issuing/batch_form.html", context)
