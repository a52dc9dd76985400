"""The insurance policies of an organisation, and what a school found at units."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.members.models import Organisation
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.talent.safeguards import policy, services
from silian.talent.safeguards.forms import PolicyForm, SiteCheckForm
from silian.talent.safeguards.models import Policy, SiteCheck
from silian.talent.safeguards.tables import (
    PolicyFilter,
    PolicyTable,
    SiteCheckFilter,
    SiteCheckTable,
)


def _holder(request: Request, holder: int) -> Organisation:
    return get_object_or_404(policy.visible_holders(request.user), pk=holder)


def policy_index(request: Request, holder: int) -> HttpResponse:
    unit = _holder(request, holder)
    rows = policy.visible_policies(request.user).filter(holder=unit)
    listing = Listing(request, rows, PolicyTable, PolicyFilter, name="policies")
    return listing.page("safeguards/policy_index.html", {"holder": unit})


def policy_new(request: Request, holder: int) -> HttpResponse:
    return _policy_page(request, Policy(holder=_holder(request, holder)))


def policy_edit(request: Request, holder: int, pk: int) -> HttpResponse:
    rows = policy.visible_policies(request.user).filter(holder=holder)
    return _policy_page(request, get_object_or_404(rows, pk=pk))


def _policy_page(request: Request, found: Policy) -> HttpResponse:
    policy.may_keep(request.user, found.holder).enforce()
    form = PolicyForm(request.POST or None, request.FILES or None, instance=found)
    index = reverse("safeguards:policy_index", args=[found.holder_id])
    if form.is_valid():
        scan = form.cleaned_data["scan"]
        services.save_policy(form.save(commit=False), by=request.user, scan=scan)
        messages.success(request, _("Saved."))
        return redirect(index)
    context = {"form": form, "cancel": index, "policy": found}
    return render(request, "safeguards/policy_form.html", context)


def policy_scan(request: Request, holder: int, pk: int) -> FileResponse:
    rows = policy.visible_policies(request.user).filter(holder=holder)
    found = get_object_or_404(rows, pk=pk)
    if found.scan is None:
        raise Http404
    return respond(found.scan, inline=True)


def check_index(request: Request, holder: int) -> HttpResponse:
    school = _holder(request, holder)
    rows = policy.visible_checks(request.user).filter(school=school)
    listing = Listing(request, rows, SiteCheckTable, SiteCheckFilter, name="site-checks")
    return listing.page("safeguards/check_index.html", {"holder": school})


def check_new(request: Request, holder: int) -> HttpResponse:
    return _check_page(request, SiteCheck(school=_holder(request, holder)))


def check_edit(request: Request, holder: int, pk: int) -> HttpResponse:
    rows = policy.visible_checks(request.user).filter(school=holder)
    return _check_page(request, get_object_or_404(rows, pk=pk))


def _check_page(request: Request, found: SiteCheck) -> HttpResponse:
    policy.may_check(request.user, found.school).enforce()
    form = SiteCheckForm(request.POST or None, instance=found)
    index = reverse("safeguards:check_index", args=[found.school_id])
    if form.is_valid():
        services.save_check(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(index)
    context = {"form": form, "cancel": index, "check": found}
    return render(request, "safeguards/check_form.html", context)
