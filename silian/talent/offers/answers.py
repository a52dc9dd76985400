"""The answers of both sides to an offer: each is one button."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.talent.offers import deciding, policy, services
from silian.talent.placement.models import Placement


@require_POST
def offer_accept(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    placement = _placement(request, consortium, pk)
    policy.may_accept(request.user, placement).enforce()
    services.accept_offer(placement, by=request.user)
    return redirect("offers:my_result", consortium, placement.round_id)


@require_POST
def offer_decline(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    placement = _placement(request, consortium, pk)
    policy.may_decline(request.user, placement).enforce()
    _with_reason(request, placement, services.decline_offer)
    return redirect("offers:my_result", consortium, placement.round_id)


@require_POST
def placement_confirm(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    placement = _placement(request, consortium, pk)
    policy.may_confirm(request.user, placement).enforce()
    services.confirm_placement(placement, by=request.user)
    return redirect("offers:seat_result", consortium, placement.round_id, placement.seat_id)


@require_POST
def offer_withdraw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    placement = _placement(request, consortium, pk)
    policy.may_withdraw(request.user, placement).enforce()
    _with_reason(request, placement, services.withdraw_offer)
    return redirect("offers:seat_result", consortium, placement.round_id, placement.seat_id)


@require_POST
def placement_end(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The secretariat ends a place by hand."""
    placement = _placement(request, consortium, pk)
    policy.may_end(request.user, placement).enforce()
    _with_reason(request, placement, deciding.end_place)
    return redirect("offers:placement_detail", consortium, pk)


def _placement(request: Request, consortium: Consortium, pk: int) -> Placement:
    rows = policy.visible_placements(request.user).filter(round__consortium=consortium)
    return get_object_or_404(rows, pk=pk)


def _with_reason(request: Request, placement: Placement, end: Callable[..., None]) -> None:
    if reason := request.POST.get("reason", "").strip()[:300]:
        end(placement, reason=reason, by=request.user)
    else:
        messages.error(request, _("Please give a reason."))
