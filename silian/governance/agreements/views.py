"""The register of a consortium's agreements, each with its document, and its end."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from silian.governance.agreements import policy, services
from silian.governance.agreements.forms import EndForm, RegisterForm
from silian.governance.agreements.models import Agreement
from silian.governance.agreements.tables import AgreementFilter, AgreementTable
from silian.governance.consortia.models import Consortium
from silian.kernel.files import services as files
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
        "steps": [_("Negotiation"), _("Signing"), _("Performance"), _("Ended")],
        "current": list(Agreement.State).index(Agreement.State(agreement.state)) + 1,
    }
    verdicts = "administer register end see_record read_text".split()
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, agreement) for v in verdicts}
    return render(request, "agreements/agreement_detail.html", context)


def _agreement(request: PublicRequest, consortium: Consortium, pk: int) -> Agreement:
    rows = policy.visible_agreements(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


@login_not_required
def agreement_document(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponseBase:
    """The one file that is signed, or the scan of what was signed on paper."""
    agreement = _agreement(request, consortium, pk)
    policy.may_read_text(request.user, agreement).enforce()
    if not agreement.frozen:
        raise Http404
    return files.respond(agreement.frozen, inline=True)


def agreement_register(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Enter that a draft was signed on paper, without the way through Silian."""
    agreement = _agreement(request, consortium, pk)
    policy.may_register(request.user, agreement).enforce()
    form = RegisterForm(agreement, request.POST or None, request.FILES or None)
    if form.is_valid():
        services.register_signed(agreement, by=request.user, **form.cleaned_data)
        messages.success(request, _("The agreement is signed and public."))
        return redirect(agreement)
    context = {"agreement": agreement, "form": form, "cancel": agreement.get_absolute_url()}
    context |= {"consortium": consortium}
    return render(request, "agreements/agreement_register.html", context)


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
