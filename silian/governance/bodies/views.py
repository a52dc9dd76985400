"""The register of a consortium's bodies, and what its secretariat does to them."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from silian.governance.bodies import policy
from silian.governance.bodies.models import Body
from silian.governance.bodies.tables import BodyFilter, BodyTable
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest
from silian.kernel.ui.listing import Listing


@login_not_required
def body_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_bodies(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_create": policy.may_create(request.user, consortium),
    }
    listing = Listing(request, rows, BodyTable, BodyFilter, name="bodies")
    return listing.page("bodies/body_index.html", context)


@login_not_required
def body_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    body = _body(request, consortium, pk)
    context = {
        "object": body,
        "body": body,
        "consortium": consortium,
        "co_builders": body.co_builders.all(),
    }
    verdicts = "edit found issue_plaque close see_record".split()
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, body) for v in verdicts}
    return render(request, "bodies/body_detail.html", context)


def _body(request: PublicRequest, consortium: Consortium, pk: int) -> Body:
    return get_object_or_404(policy.visible_bodies(request.user), pk=pk, consortium=consortium)
