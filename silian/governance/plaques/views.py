"""The register of plaques, the public check of one, and what the secretariat does."""

import io
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.plaques import policy, services
from silian.governance.plaques.forms import IssueForm, NumberingForm
from silian.governance.plaques.tables import PlaqueFilter, PlaqueTable
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def plaque_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_plaques(request.user).filter(consortium=consortium)
    context = {"consortium": consortium, "may_issue": policy.may_issue(request.user, consortium)}
    listing = Listing(request, rows, PlaqueTable, PlaqueFilter, name="plaques")
    return listing.page("plaques/plaque_index.html", context)


@login_not_required
def plaque_print(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """Every plaque that the filter leaves, with its code, to be printed."""
    rows = policy.visible_plaques(request.user).filter(consortium=consortium)
    found = PlaqueFilter(request.GET, rows).qs
    context = {"consortium": consortium, "plaques": found}
    return render(request, "plaques/plaque_print.html", context)


@login_not_required
def plaque_check(request: PublicRequest, number: str) -> HttpResponse:
    """Is there a plaque of this number, and does it count? For whoever scans its code."""
    plaque = policy.visible_plaques(request.user).filter(number=number).first()
    context: dict[str, Any] = {"number": number, "plaque": plaque}
    if plaque:
        context |= {
            "consortium": plaque.consortium,
            "may_issue": policy.may_issue(request.user, plaque.consortium),
            "may_withdraw": policy.may_withdraw(request.user, plaque),
        }
    return render(request, "plaques/plaque_check.html", context, status=200 if plaque else 404)


@login_not_required
@cache_control(public=True, max_age=86400)
def plaque_qr(request: PublicRequest, number: str) -> HttpResponse:
    plaque = get_object_or_404(policy.visible_plaques(request.user), number=number)
    drawn = io.BytesIO()
    address = request.build_absolute_uri(plaque.get_absolute_url())
    segno.make(address, error="m").save(drawn, kind="svg", scale=4, border=2, light="white")
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


def issue(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_issue(request.user, consortium).enforce()
    form = IssueForm(consortium, request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        issued = services.issue_plaques(
            consortium,
            form.chosen(),
            by=request.user,
            inscription_zh=data["inscription_zh"],
            inscription_en=data["inscription_en"],
            on=data["issued_on"],
        )
        said = ngettext("%(count)d plaque issued.", "%(count)d plaques issued.", len(issued))
        messages.success(request, said % {"count": len(issued)})
        return redirect("plaques:plaque_index", consortium)
    cancel = reverse("plaques:plaque_index", args=[consortium])
    context = {"consortium": consortium, "form": form, "cancel": cancel}
    return render(request, "plaques/issue.html", context)


def numbering(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_issue(request.user, consortium).enforce()
    form = NumberingForm(request.POST or None, instance=services.numbering_of(consortium))
    if form.is_valid():
        services.set_numbering(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("plaques:plaque_index", consortium)
    cancel = reverse("plaques:plaque_index", args=[consortium])
    context = {"consortium": consortium, "form": form, "cancel": cancel}
    return render(request, "plaques/numbering.html", context)


@require_POST
def plaque_withdraw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    rows = policy.visible_plaques(request.user)
    plaque = get_object_or_404(rows, pk=pk, consortium=consortium)
    policy.may_withdraw(request.user, plaque).enforce()
    why = request.POST.get("reason", "").strip()[:300]
    if not why:
        messages.error(request, _("Please give a reason; it stands in the public register."))
        return redirect(plaque)
    services.withdraw_plaque(plaque, by=request.user, why=why)
    return redirect(plaque)
