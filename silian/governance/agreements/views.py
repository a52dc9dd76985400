"""The register of a consortium's agreements, and their way from draft to end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.agreements import policy, services
from silian.governance.agreements.forms import AgreementForm, EndForm, SignForm
from silian.governance.agreements.models import Agreement
from silian.governance.agreements.tables import AgreementFilter, AgreementTable
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def agreement_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_agreements(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_create": policy.may_create(request.user, consortium),
    }
    listing = Listing(request, rows, AgreementTable, AgreementFilter, name="agreements")
    return listing.page("agreements/agreement_index.html", context)


@login_not_required
def agreement_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    agreement = _agreement(request, consortium, pk)
    context = {
        "object": agreement,
        "agreement": agreement,
        "consortium": consortium,
        "may_create": policy.may_create(request.user, consortium),
    }
    verdicts = "edit sign end see_record".split()
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, agreement) for v in verdicts}
    return render(request, "agreements/agreement_detail.html", context)


def _agreement(request: PublicRequest, consortium: Consortium, pk: int) -> Agreement:
    rows = policy.visible_agreements(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def agreement_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_create(request.user, consortium).enforce()
    blank = Agreement(consortium=consortium)
    cancel = reverse("agreements:agreement_index", args=[consortium])
    return _agreement_form(request, blank, "agreements/agreement_new.html", cancel)


def agreement_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    agreement = _agreement(request, consortium, pk)
    policy.may_edit(request.user, agreement).enforce()
    cancel = agreement.get_absolute_url()
    return _agreement_form(request, agreement, "agreements/agreement_edit.html", cancel)


def _agreement_form(
    request: Request, agreement: Agreement, template: str, cancel: str
) -> HttpResponse:
    members = policy.visible_parties(request.user, agreement.consortium)
    form = AgreementForm(members, request.POST or None, instance=agreement)
    if form.is_valid():
        parties = form.cleaned_data["parties"]
        saved = services.save_agreement(form.save(commit=False), parties=parties, by=request.user)
        messages.success(request, _("Saved."))
        return redirect(saved)
    context = {"consortium": agreement.consortium, "form": form, "cancel": cancel}
    return render(request, template, context)


def agreement_sign(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    agreement = _agreement(request, consortium, pk)
    policy.may_sign(request.user, agreement).enforce()
    form = SignForm(agreement, request.POST or None)
    if form.is_valid():
        services.sign_agreement(agreement, by=request.user, **form.cleaned_data)
        messages.success(request, _("The agreement is signed and public."))
        return redirect(agreement)
    context = {"agreement": agreement, "form": form, "cancel": agreement.get_absolute_url()}
    return render(request, "agreements/agreement_sign.html", {"consortium": consortium} | context)


def agreement_end(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    agreement = _agreement(request, consortium, pk)
    policy.may_end(request.user, agreement).enforce()
    form = EndForm(agreement, request.POST or None)
    if form.is_valid():
        services.end_agreement(agreement, by=request.user, **form.cleaned_data)
        messages.success(request, _("The agreement has ended."))
        return redirect(agreement)
    context = {"agreement": agreement, "form": form, "cancel": agreement.get_absolute_url()}
    return render(request, "agreements/agreement_end.html", {"consortium": consortium} | context)
