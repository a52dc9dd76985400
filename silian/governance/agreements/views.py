"""The register of a consortium's agreements, and their way from draft to end."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from silian.governance.agreements import policy
from silian.governance.agreements.models import Agreement
from silian.governance.agreements.tables import AgreementFilter, AgreementTable
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest
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
    context = {"object": agreement, "agreement": agreement, "consortium": consortium}
    verdicts = "edit sign end see_record".split()
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, agreement) for v in verdicts}
    return render(request, "agreements/agreement_detail.html", context)


def _agreement(request: PublicRequest, consortium: Consortium, pk: int) -> Agreement:
    rows = policy.visible_agreements(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)
