"""Kinds of certificates, the register, one certificate, and who may issue."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.files import services as files
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.talent.credentials import policy, services
from silian.talent.credentials.forms import PHOTOS, CorrectionForm, KindForm, OfficerForm
from silian.talent.credentials.models import Certificate, Kind
from silian.talent.credentials.tables import (
    CertificateFilter,
    CertificateTable,
    KindFilter,
    KindTable,
)


def certificate_index(request: Request, consortium: Consortium) -> HttpResponse:
    """The register of those who issue; everybody else has their own page."""
    policy.may_read_register(request.user, consortium).enforce()
    rows = policy.kept_certificates(request.user).filter(consortium=consortium)
    listing = Listing(request, rows, CertificateTable, CertificateFilter, name="certificates")
    context = {
        "consortium": consortium,
        "may_appoint": policy.may_appoint(request.user, consortium),
    }
    return listing.page("credentials/certificate_index.html", context)


def certificate_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    certificate = certificate_of(request, consortium, pk)
    services.note_view(certificate, by=request.user, how=gettext_noop("Certificate looked at"))
    versions = policy.visible_certificates(request.user).filter(number=certificate.number)
    context = {
        "consortium": consortium,
        "object": certificate,
        "versions": versions.exclude(pk=pk).order_by("-version"),
        "copies": certificate.copies.all(),
        "may_revoke": policy.may_revoke(request.user, certificate),
    }
    return render(request, "credentials/certificate_detail.html", context)


def certificate_correct(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    certificate = certificate_of(request, consortium, pk)
    policy.may_revoke(request.user, certificate).enforce()
    shown = certificate_of(request, consortium, pk)  # the form changes the row that it is given
    form = CorrectionForm(request.POST or None, request.FILES or None, instance=shown)
    if form.is_valid():
        facts = form.facts()
        if photo := form.cleaned_data["photo"]:
            facts["photo"] = files.store(photo, by=request.user, kinds=PHOTOS)
        reason = form.cleaned_data["reason"]
        new = services.correct(certificate, reason=reason, by=request.user, **facts)
        messages.success(request, _("Corrected: version %(n)s counts now.") % {"n": new.version})
        return redirect(new)
    cancel = certificate.get_absolute_url()
    context = {"consortium": consortium, "form": form, "object": certificate, "cancel": cancel}
    return render(request, "credentials/correct.html", context)


VERBS: dict[str, Callable[..., Any]] = {"revoke": services.revoke, "again": services.issue_again}


@require_POST
def certificate_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    """Revoke it, or issue its paper again; both with a reason."""
    certificate = certificate_of(request, consortium, pk)
    if verb not in VERBS:
        raise Http404
    policy.may_revoke(request.user, certificate).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        VERBS[verb](certificate, reason=reason, by=request.user)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect(certificate)


@login_not_required
def kind_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_kinds(request.user).filter(consortium=consortium)
    listing = Listing(request, rows, KindTable, KindFilter, name="kinds")
    context = {
        "consortium": consortium,
        "may_keep": policy.may_keep(request.user, consortium),
        "may_appoint": policy.may_appoint(request.user, consortium),
        "may_read": policy.may_read_register(request.user, consortium),
    }
    return listing.page("credentials/kind_index.html", context)


@login_not_required
def kind_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    kind = kind_of(request, consortium, pk)
    context = {
        "consortium": consortium,
        "object": kind,
        "may_edit": policy.may_edit(request.user, kind),
    }
    return render(request, "credentials/kind_detail.html", context)


def kind_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_keep(request.user, consortium).enforce()
    return _kind_page(request, consortium, Kind(consortium=consortium))


def kind_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    kind = kind_of(request, consortium, pk)
    policy.may_edit(request.user, kind).enforce()
    return _kind_page(request, consortium, kind)


@require_POST
def kind_retire(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    kind = kind_of(request, consortium, pk)
    policy.may_edit(request.user, kind).enforce()
    services.retire_kind(kind, by=request.user)
    return redirect("credentials:kind_index", consortium)


def officer_index(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_appoint(request.user, consortium).enforce()
    form = OfficerForm(consortium, request.POST or None)
    if form.is_valid():
        facts = {name: form.cleaned_data[name] for name in ("organisation", "user")}
        services.appoint(consortium, by=request.user, **facts)
        messages.success(request, _("Appointed."))
        return redirect("credentials:officer_index", consortium)
    officers = policy.visible_officers(consortium)
    context = {"consortium": consortium, "form": form, "officers": officers}
    return render(request, "credentials/officer_index.html", context)


@require_POST
def officer_dismiss(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    policy.may_appoint(request.user, consortium).enforce()
    officer = get_object_or_404(policy.visible_officers(consortium), pk=pk)
    services.dismiss(officer, by=request.user)
    return redirect("credentials:officer_index", consortium)


def certificate_of(request: Request, consortium: Consortium, pk: int) -> Certificate:
    return get_object_or_404(
        policy.visible_certificates(request.user), pk=pk, consortium=consortium
    )


def kind_of(request: PublicRequest, consortium: Consortium, pk: int) -> Kind:
    return get_object_or_404(policy.visible_kinds(request.user), pk=pk, consortium=consortium)


def _kind_page(request: Request, consortium: Consortium, kind: Kind) -> HttpResponse:
    form = KindForm(request.POST or None, instance=kind, consortium=consortium, by=request.user)
    if request.method == "POST" and form.is_valid():
        saved = services.save_kind(form.save(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(saved)
    index = reverse("credentials:kind_index", args=[consortium])
    cancel = kind.get_absolute_url() if kind.pk else index
    context = {"form": form, "consortium": consortium, "cancel": cancel}
    return render(request, "credentials/kind_form.html", context)
