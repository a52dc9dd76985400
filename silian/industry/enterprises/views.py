"""The register of enterprises of a consortium's region."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.industry.enterprises import policy, services
from silian.industry.enterprises.forms import ProfileForm
from silian.industry.enterprises.models import Profile
from silian.industry.enterprises.tables import EnterpriseFilter, EnterpriseTable, facets
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


@login_not_required
def enterprise_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_enterprises(request.user, consortium).select_related(
        "region", "industry", "enterprise_profile__park"
    )
    listing = Listing(request, rows, EnterpriseTable, EnterpriseFilter, name="enterprises")
    narrower, found = facets(listing.found, request.GET)
    listing.count_is(found)
    context = {
        "consortium": consortium,
        "facets": narrower,
        "may_import": policy.may_import(request.user, consortium),
    }
    return listing.page("enterprises/enterprise_index.html", context)


def profile_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    rows = policy.visible_enterprises(request.user, consortium)
    firm = get_object_or_404(rows.select_related("enterprise_profile"), pk=pk)
    policy.may_edit(request.user, firm, consortium).enforce()
    profile = getattr(firm, "enterprise_profile", None) or Profile(organisation=firm)
    form = ProfileForm(request.POST or None, instance=profile)
    if form.is_valid():
        services.save_profile(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(firm)
    context = {"form": form, "firm": firm, "cancel": firm.get_absolute_url()}
    return render(request, "enterprises/profile_form.html", context)
