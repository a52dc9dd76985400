"""Sign, refuse, hand in paper or a receipt, check a scan; and the papers of a signing."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.signatures import evidence, policy, services
from silian.governance.signatures.forms import LinkForm, ReceiptForm, ScanForm, SignForm
from silian.governance.signatures.models import Scan
from silian.governance.signing.models import Process, Signatory
from silian.governance.signing.policy import visible_processes, visible_signatories
from silian.kernel import authorities
from silian.kernel.accounts.models import User
from silian.kernel.files.services import respond
from silian.kernel.http import PublicRequest, Request
from silian.kernel.proofs import services as proofs


def sign(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Read, confirm, prove a second factor. Whoever has signed already is told so."""
    signatory = _signatory(request, consortium, pk)
    may_sign = policy.may_sign(request.user, signatory)
    if request.method == "POST" and signatory.state == Signatory.State.WAITING:
        may_sign.enforce()
        form = SignForm(request.user, signatory, request.POST)
        if form.is_valid():
            proof, sentence = form.proof, form.sentence
            services.sign(signatory, by=request.user, proof=proof, sentence=sentence)
            messages.success(request, _("You have signed."))
            return redirect(signatory)
        signatory = _signatory(request, consortium, pk)  # perhaps another window was faster
    else:
        form = SignForm(request.user, signatory)
    context = {"consortium": consortium, "form": form, **_sides(request, signatory)}
    return render(request, "signatures/sign.html", context)


def _sides(request: Request, signatory: Signatory) -> dict[str, Any]:
    """What stands on the page of a signature."""
    user, process = request.user, signatory.process
    may_sign = policy.may_sign(user, signatory)
    ways = proofs.ways_of(user) if may_sign else set()
    version = process.agreement.versions.first()
    return {
        "signatory": signatory,
        "process": process,
        "text": version.text if version else "",
        "may_sign": may_sign,
        "may_enter": policy.may_enter(user, signatory),
        "may_refuse": policy.may_refuse(user, signatory),
        "ways": ways,
        "question": proofs.passkey_question(user) if "passkey" in ways else None,
        "shown_code": request.session.get(_code_key(signatory), ""),
        "authorities": authorities.known(),
        "act": getattr(signatory, "act", None),
    }


def _code_key(signatory: Signatory) -> str:
    return f"code-{signatory.pk}"


def _signatory(request: Request, consortium: Consortium, pk: int) -> Signatory:
    rows = visible_signatories(request.user).select_related("act")
    return get_object_or_404(rows, pk=pk, process__agreement__consortium=consortium)


@require_POST
def send_code(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    signatory = _signatory(request, consortium, pk)
    policy.may_sign(request.user, signatory).enforce()
    if proofs.MAIL not in proofs.ways_of(request.user):
        raise Http404
    _send_code(request, signatory, request.user)
    return redirect(f"{signatory.get_absolute_url()}#code")


def _send_code(request: HttpRequest, signatory: Signatory, to: User | str) -> None:
    try:
        code = proofs.send_code(to, signatory, about=str(signatory.process))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except OSError:
        messages.error(request, _("The mail could not be sent. Try again later."))
    else:
        if settings.DEMO:
            request.session[_code_key(signatory)] = code
        messages.info(request, _("The code has been sent. It works for 10 minutes."))


def _reason(request: Request) -> str:
    """What was given as reason; a message asks for one where there is none."""
    why = request.POST.get("reason", "").strip()[:2000]
    if not why:
        messages.error(request, _("Please give a reason."))
    return why


@require_POST
def refuse(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    signatory = _signatory(request, consortium, pk)
    policy.may_refuse(request.user, signatory).enforce()
    if why := _reason(request):
        services.refuse(signatory, by=request.user, why=why)
        messages.success(request, _("Everybody concerned is told that you refused, and why."))
        return redirect(signatory.process)
    return redirect(signatory)


def scan_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Hand in a page signed by hand."""
    signatory = _signatory(request, consortium, pk)
    policy.may_enter(request.user, signatory).enforce()
    form = ScanForm(signatory, request.POST or None, request.FILES or None)
    if form.is_valid():
        data = form.cleaned_data
        upload, day = data["file"], data["signed_on"]
        services.enter_scan(signatory, by=request.user, upload=upload, signed_on=day)
        messages.success(request, _("Handed in. It counts when a second person has checked it."))
        return redirect(signatory.process)
    context = {"consortium": consortium, "form": form, **_sides(request, signatory)}
    context["cancel"] = signatory.process.get_absolute_url()
    return render(request, "signatures/scan_new.html", context)


def receipt_new(request: Request, consortium: Consortium, pk: int, key: str) -> HttpResponse:
    """Sign with an outside authority: go there, come back with its receipt."""
    signatory = _signatory(request, consortium, pk)
    policy.may_enter(request.user, signatory).enforce()
    authority = authorities.known().get(key)
    document = signatory.process.document
    if authority is None or document is None:
        raise Http404
    form = ReceiptForm(request.POST or None)
    if form.is_valid():
        receipt = form.cleaned_data["receipt"]
        try:
            services.accept_receipt(signatory, by=request.user, authority=key, receipt=receipt)
        except ValidationError as error:
            form.add_error("receipt", error)
        else:
            messages.success(request, _("The receipt is in order: this signature counts."))
            return redirect(signatory.process)
    unit = signatory.organisation
    names = {"name": signatory.name, "organisation": unit.name_zh if unit else signatory.name}
    context = {"consortium": consortium, "form": form, "authority": authority}
    context |= {"started": authority.start(document, **names), **_sides(request, signatory)}
    context["cancel"] = signatory.process.get_absolute_url()
    return render(request, "signatures/receipt_new.html", context)


# --- without an account: a personal link ---------------------------------------------------------


@never_cache
@login_not_required
def link(request: PublicRequest, consortium: Consortium, token: str) -> HttpResponse:
    """Read, confirm, type the code that was sent to the address of the link."""
    signatory = _of_link(consortium, token)
    may_sign = policy.may_sign_by_link(signatory)
    form = LinkForm(signatory, request.POST if may_sign and request.method == "POST" else None)
    if form.is_valid():
        services.sign_by_link(signatory, proof=form.proof, sentence=form.sentence)
        messages.success(request, _("You have signed."))
        return redirect(request.path)
    version = signatory.process.agreement.versions.first()
    context = {"consortium": consortium, "form": form, "signatory": signatory, "token": token}
    context |= {
        "may_sign": may_sign,
        "process": signatory.process,
        "text": version and version.text,
    }
    context["shown_code"] = request.session.get(_code_key(signatory), "")
    return render(request, "signatures/link.html", context)


@require_POST
@login_not_required
def link_code(request: PublicRequest, consortium: Consortium, token: str) -> HttpResponse:
    signatory = _of_link(consortium, token)
    policy.may_sign_by_link(signatory).enforce()
    _send_code(request, signatory, signatory.email)
    return redirect(reverse("signatures:link", args=[consortium, token]) + "#code")


@login_not_required
def link_document(request: PublicRequest, consortium: Consortium, token: str) -> FileResponse:
    document = _of_link(consortium, token).process.document
    if document is None:
        raise Http404
    return respond(document, inline=True)


def _of_link(consortium: Consortium, token: str) -> Signatory:
    signatory = policy.signatory_of(token)
    if signatory is None or signatory.process.agreement.consortium != consortium:
        raise Http404
    return signatory


# --- the check of a scan ------------------------------------------------------------------------


def scan_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    scan = _scan(request, consortium, pk)
    context: dict[str, Any] = {"consortium": consortium, "object": scan, "scan": scan}
    context |= {"signatory": scan.signatory, "process": scan.signatory.process}
    context |= {"may_check": policy.may_check(request.user, scan)}
    return render(request, "signatures/scan_detail.html", context)


def scan_file(request: Request, consortium: Consortium, pk: int) -> FileResponse:
    return respond(_scan(request, consortium, pk).file, inline=True)


@require_POST
def scan_accept(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    scan = _scan(request, consortium, pk)
    policy.may_check(request.user, scan).enforce()
    services.accept_scan(scan, by=request.user)
    messages.success(request, _("The signature counts."))
    return redirect(scan.signatory.process)


@require_POST
def scan_reject(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    scan = _scan(request, consortium, pk)
    policy.may_check(request.user, scan).enforce()
    if why := _reason(request):
        services.reject_scan(scan, by=request.user, why=why)
        messages.success(request, _("The scan is rejected; the party is told why."))
    return redirect(scan)


def _scan(request: Request, consortium: Consortium, pk: int) -> Scan:
    rows = policy.visible_scans(request.user)
    return get_object_or_404(rows, pk=pk, signatory__process__agreement__consortium=consortium)


# --- the papers of a signing --------------------------------------------------------------------


def _process(request: Request, consortium: Consortium, pk: int) -> Process:
    rows = visible_processes(request.user)
    return get_object_or_404(rows, pk=pk, agreement__consortium=consortium)


def sheet(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """A page for signatures by hand, of those who have not signed yet."""
    process = _process(request, consortium, pk)
    if not process.is_open:
        raise PermissionDenied(_("The agreement is not open for signing."))
    waiting = [s for s in process.signatories.all() if s.state == Signatory.State.WAITING]
    page = evidence.sheet(process, waiting)
    return HttpResponse(page, content_type="application/pdf")


def certificate(request: Request, consortium: Consortium, pk: int) -> FileResponse:
    process = _process(request, consortium, pk)
    if process.state != Process.State.COMPLETE:
        raise Http404
    return respond(evidence.certificate_of(process), inline=True)


def evidence_file(request: Request, consortium: Consortium, pk: int) -> JsonResponse:
    process = _process(request, consortium, pk)
    return JsonResponse(evidence.evidence_of(process), json_dumps_params={"ensure_ascii": False})
