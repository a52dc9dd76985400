"""Claiming an organisation, and checking the proof."""

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.claims import policy, services
from silian.governance.claims.forms import ClaimForm
from silian.governance.claims.models import Claim
from silian.governance.claims.tables import ClaimFilter, ClaimTable
from silian.governance.members.policy import visible_organisations
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing


def claim_index(request: Request) -> HttpResponse:
    rows = policy.visible_claims(request.user)
    listing = Listing(request, rows, ClaimTable, ClaimFilter, name="claims")
    return listing.page("claims/claim_index.html")


def claim_new(request: Request, pk: int) -> HttpResponse:
    organisation = get_object_or_404(visible_organisations(request.user), pk=pk)
    policy.may_claim(request.user, organisation).enforce()
    form = ClaimForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        claim = services.make_claim(organisation, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your claim is with those who check it."))
        return redirect(claim)
    context = {
        "form": form,
        "organisation": organisation,
        "managed": policy.is_managed(organisation),
        "cancel": organisation.get_absolute_url(),
    }
    return render(request, "claims/claim_form.html", context)


def claim_detail(request: Request, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    verdicts = "check decide resubmit withdraw".split()
    context = {
        f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, claim) for verb in verdicts
    }
    return render(request, "claims/claim_detail.html", {"object": claim, "claim": claim, **context})


def proof(request: Request, pk: int) -> FileResponse:
    """The proof, for the person who gave it and those who check it."""
    return respond(_claim(request, pk).proof, inline=True)


def resubmit(request: Request, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    policy.may_resubmit(request.user, claim).enforce()
    form = ClaimForm(request.POST or None, request.FILES or None, instance=claim)
    if form.is_valid():
        services.resubmit(claim, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your claim is with those who check it."))
        return redirect(claim)
    context = {
        "form": form,
        "organisation": claim.organisation,
        "asked": claim.answer,
        "cancel": claim.get_absolute_url(),
    }
    return render(request, "claims/claim_form.html", context)


@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    policy.may_decide(request.user, claim).enforce()
    services.approve(claim, by=request.user)
    messages.success(request, _("The person acts for the organisation now."))
    return redirect(claim)


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    policy.may_withdraw(request.user, claim).enforce()
    services.withdraw(claim, by=request.user)
    return redirect(claim)


ANSWERS: dict[str, Callable[..., None]] = {
    "return": services.return_claim,
    "refuse": services.refuse,
}


@require_POST
def answer(request: Request, pk: int, verb: str) -> HttpResponse:
    if verb not in ANSWERS:
        raise Http404
    claim = _claim(request, pk)
    policy.may_decide(request.user, claim).enforce()
    why = request.POST.get("reason", "").strip()
    if not why:
        messages.error(request, _("Please give a reason; the other side reads it."))
        return redirect(claim)
    ANSWERS[verb](claim, by=request.user, why=why)
    return redirect(claim)


def _claim(request: Request, pk: int) -> Claim:
    return get_object_or_404(policy.visible_claims(request.user), pk=pk)
