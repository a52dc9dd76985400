"""The signings of a consortium, and what the secretariat does with them."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.agreements.policy import may_administer, visible_agreements
from silian.governance.agreements.services import thaw
from silian.governance.consortia.models import Consortium
from silian.governance.signing import policy, services
from silian.governance.signing.forms import DeadlineForm, OrderForm, ReplaceForm, Signatories
from silian.governance.signing.models import Process, Signatory
from silian.governance.signing.tables import ProcessFilter, ProcessTable
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing


def signing_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_processes(request.user).filter(agreement__consortium=consortium)
    listing = Listing(request, rows, ProcessTable, ProcessFilter, name="signings")
    return listing.page("signing/signing_index.html", {"consortium": consortium})


def signing_prepare(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Who signs this agreement, in which order and until when."""
    agreement = get_object_or_404(visible_agreements(request.user), pk=pk, consortium=consortium)
    policy.may_prepare(request.user, agreement).enforce()
    process = policy.running_process(agreement)
    named = process.signatories.all() if process else services.propose_signatories(agreement)
    initial = [
        {name: getattr(row, name) for name in "organisation user name title order method".split()}
        for row in named
    ]
    form = OrderForm(request.POST or None, instance=process)
    rows: Any = Signatories(
        request.POST or None, initial=initial, form_kwargs={"agreement": agreement}, prefix="s"
    )
    if form.is_valid() and rows.is_valid():
        process = services.prepare(
            agreement, rows.signatories(), by=request.user, **form.cleaned_data
        )
        messages.success(request, _("Saved."))
        return redirect(process)
    context = {"consortium": consortium, "agreement": agreement, "form": form, "rows": rows}
    context |= {"cancel": agreement.get_absolute_url(), "process": process}
    return render(request, "signing/signing_prepare.html", context)


@require_POST
def signing_thaw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """A frozen text, back to negotiation before anybody is asked to sign it."""
    agreement = get_object_or_404(visible_agreements(request.user), pk=pk, consortium=consortium)
    policy.may_thaw(request.user, agreement).enforce()
    if why := _reason(request):
        thaw(agreement, by=request.user, why=why)
        messages.success(request, _("The text can be changed again."))
    return redirect(agreement)


def signing_latest(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The last signing of an agreement whose only page it is."""
    rows = policy.visible_processes(request.user).filter(agreement__consortium=consortium)
    if process := rows.filter(agreement=pk).first():
        return redirect(process)
    raise Http404


def signing_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    process = _process(request, consortium, pk)
    context: dict[str, Any] = {"consortium": consortium, "object": process, "process": process}
    for verb in "open withdraw extend".split():
        context[f"may_{verb}"] = getattr(policy, f"may_{verb}")(request.user, process)
    context["may_prepare"] = policy.may_prepare(request.user, process.agreement)
    context["of_keeper"] = bool(may_administer(request.user, process.agreement))
    return render(request, "signing/signing_detail.html", context)


def _process(request: Request, consortium: Consortium, pk: int) -> Process:
    rows = policy.visible_processes(request.user)
    return get_object_or_404(rows, pk=pk, agreement__consortium=consortium)


def _signatory(request: Request, consortium: Consortium, pk: int) -> Signatory:
    rows = policy.visible_signatories(request.user)
    return get_object_or_404(rows, pk=pk, process__agreement__consortium=consortium)


@require_POST
def signing_open(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    process = _process(request, consortium, pk)
    policy.may_open(request.user, process).enforce()
    services.open_process(process, by=request.user)
    messages.success(request, _("The signatories are asked to sign."))
    return redirect(process)


def signing_deadline(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    process = _process(request, consortium, pk)
    policy.may_extend(request.user, process).enforce()
    form = DeadlineForm(request.POST or None, instance=process)
    if form.is_valid():
        services.extend(process, by=request.user, deadline=form.cleaned_data["deadline"])
        messages.success(request, _("Saved."))
        return redirect(process)
    context: dict[str, Any] = {"consortium": consortium, "process": process, "form": form}
    context |= {"cancel": process.get_absolute_url()}
    return render(request, "signing/signing_deadline.html", context)


@require_POST
def signing_withdraw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    process = _process(request, consortium, pk)
    policy.may_withdraw(request.user, process).enforce()
    if why := _reason(request):
        services.withdraw(process, by=request.user, why=why)
        messages.success(request, _("The signing is called off."))
    return redirect(process)


def _reason(request: Request) -> str:
    """What was given as reason; a message asks for one where there is none."""
    why = request.POST.get("reason", "").strip()[:2000]
    if not why:
        messages.error(request, _("Please give a reason."))
    return why


@require_POST
def remind(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    signatory = _signatory(request, consortium, pk)
    policy.may_remind(request.user, signatory).enforce()
    services.remind([signatory], by=request.user)
    messages.success(request, _("Reminded."))
    return redirect(signatory.process)


def replace(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    signatory = _signatory(request, consortium, pk)
    policy.may_replace(request.user, signatory).enforce()
    agreement = signatory.process.agreement
    form = ReplaceForm(request.POST or None, instance=signatory, agreement=agreement)
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in "name title user method".split()}
        why = form.cleaned_data["why"]
        services.replace(signatory, by=request.user, why=why, **facts)
        messages.success(request, _("Saved."))
        return redirect(signatory.process)
    context: dict[str, Any] = {"consortium": consortium, "signatory": signatory, "form": form}
    context |= {"cancel": signatory.process.get_absolute_url()}
    return render(request, "signing/replace.html", context)


def signing_document(request: Request, consortium: Consortium, pk: int) -> FileResponse:
    """The frozen PDF itself."""
    process = _process(request, consortium, pk)
    if process.document is None:
        raise Http404
    return respond(process.document, inline="download" not in request.GET)
