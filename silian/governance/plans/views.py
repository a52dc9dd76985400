"""The work plan of a consortium: key tasks, and the targets of one year."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from silian.governance.consortia.models import Consortium
from silian.governance.plans import policy
from silian.governance.plans.models import Target
from silian.governance.plans.tables import TargetTable
from silian.kernel import clock
from silian.kernel.http import PublicRequest
from silian.kernel.ui.listing import Listing


@login_not_required
def plan(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    targets = policy.visible_targets(request.user).filter(consortium=consortium)
    years = sorted(set(targets.order_by().values_list("year", flat=True)), reverse=True)
    year = _year(request.GET.get("year", ""), years)
    context = {
        "consortium": consortium,
        "tasks": policy.visible_tasks(request.user).filter(consortium=consortium),
        "years": years,
        "year": year,
        "may_edit": policy.may_edit(request.user, consortium),
    }
    rows = targets.filter(year=year)
    listing = Listing(request, rows, TargetTable, name=f"targets-{year}", per_page=100)
    return listing.page("plans/plan.html", context)


def _year(asked: str, years: list[int]) -> int:
    """The year asked for; else this one, or the nearest before it for which there are targets."""
    if asked.isdigit() and int(asked) in years:
        return int(asked)
    this = clock.today().year
    return next((year for year in years if year <= this), this)


@login_not_required
def target_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    target = _target(request, consortium, pk)
    context = {
        "object": target,
        "target": target,
        "consortium": consortium,
        "may_edit": policy.may_edit(request.user, consortium),
        "may_remove": policy.may_remove_target(request.user, target),
    }
    return render(request, "plans/target_detail.html", context)


def _target(request: PublicRequest, consortium: Consortium, pk: int) -> Target:
    return get_object_or_404(policy.visible_targets(request.user), pk=pk, consortium=consortium)
