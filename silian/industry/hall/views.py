"""The hall of one consortium and that of all, open to everybody."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import views as sitemaps
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from silian.governance.consortia.models import Consortium
from silian.industry.demand import policy as demand
from silian.industry.hall import policy
from silian.industry.hall.facets import facets
from silian.industry.hall.filters import PositionFilter
from silian.industry.hall.sitemaps import SECTIONS
from silian.industry.hall.tables import EverywhereTable, HallTable
from silian.kernel.http import PublicRequest
from silian.kernel.ui.listing import Listing


@login_not_required
@require_safe
def hall(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_postings(consortium)
    listing = Listing(request, rows, HallTable, PositionFilter, name="positions")
    context = {
        "consortium": consortium,
        "may_state": demand.may_state(request.user, consortium),
        "may_review": demand.may_review(request.user, consortium),
        "facets": facets(listing.filters, consortium),
    }
    return listing.page("hall/hall.html", context)


@login_not_required
@require_safe
def everywhere(request: PublicRequest) -> HttpResponse:
    rows = policy.visible_postings()
    listing = Listing(request, rows, EverywhereTable, PositionFilter, name="positions")
    return listing.page("hall/everywhere.html", {"facets": facets(listing.filters)})


@login_not_required
@require_safe
def sitemap_index(request: PublicRequest) -> HttpResponse:
    return sitemaps.index(request, SECTIONS, sitemap_url_name="hall:sitemap_section")


@login_not_required
@require_safe
def sitemap_section(request: PublicRequest, section: str) -> HttpResponse:
    return sitemaps.sitemap(request, SECTIONS, section=section)
