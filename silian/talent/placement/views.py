"""Conducting a round, its published result, and each side's own view of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.charts import Chart
from silian.kernel.ui.listing import Listing
from silian.talent.placement import policy, services, tasks
from silian.talent.placement.explaining import explain_list
from silian.talent.placement.result import by_school
from silian.talent.placement.tables import (
    OutcomeFilter,
    OutcomeTable,
    PlacementFilter,
    PlacementTable,
)
from silian.talent.rounds.models import Round
from silian.talent.rounds.policy import took_part, visible_rounds
from silian.talent.wishes import policy as wishes


def conduct(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """The secretariat's desk: which step the round is at, and what to do now."""
    found = _round(request, consortium, round_id)
    policy.may_see_summary(request.user, found).enforce()
    services.release_if_abandoned(found)
    run = services.newest_run(found)
    lists = found.wish_lists
    context = {
        "round": found,
        "consortium": consortium,
        "run": run,
        "summary": run.summary if run and found.state in SETTLED else None,
        "chart": _by_choice(run.summary) if run else None,
        "schools": by_school(run) if run else [],
        "steps": [_("Wishes"), _("Rankings"), _("Computation"), _("Check"), _("Published")],
        "step": STEPS.get(found.state, 1),
        "lists": lists.count(),
        "confirmed": lists.exclude(confirmed_at=None).count(),
        "rankings": found.seats.filter(ranking_done=True).count(),
        "seats": found.seats.count(),
        "open_rankings": found.seats.filter(ranking_done=False)
        .select_related("position__organisation")
        .order_by("position__organisation"),
        "may_close": wishes.may_close_wishes(request.user, found),
        "may_run": policy.may_run(request.user, found),
        "may_publish": policy.may_publish(request.user, found),
        "may_discard": policy.may_discard(request.user, found),
    }
    return render(request, "placement/conduct.html", context)


STEPS = {"wishing": 1, "ranking": 2, "running": 3, "computed": 4, "published": 5}
SETTLED = (Round.State.COMPUTED, Round.State.PUBLISHED)


@require_POST
def round_run(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    found = _round(request, consortium, round_id)
    policy.may_run(request.user, found).enforce()
    services.start_run(found, task=tasks.compute_round, by=request.user)
    return redirect("placement:conduct", consortium, round_id)


@require_POST
def round_discard(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    found = _round(request, consortium, round_id)
    policy.may_discard(request.user, found).enforce()
    if reason := _reason(request):
        services.discard_run(found, reason=reason, by=request.user)
    return redirect("placement:conduct", consortium, round_id)


@require_POST
def round_publish(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    found = _round(request, consortium, round_id)
    policy.may_publish(request.user, found).enforce()
    services.publish_round(found, by=request.user)
    return redirect("placement:round_result", consortium, round_id)


@login_not_required
def round_result(request: PublicRequest, consortium: Consortium, round_id: int) -> HttpResponse:
    """What everybody may know of a published round, and how to check it."""
    found = _published(request, consortium, round_id)
    run = get_object_or_404(policy.visible_runs(found))
    rows = run.outcomes.select_related("seat__position__organisation")
    context = {
        "round": found,
        "consortium": consortium,
        "run": run,
        "summary": run.summary,
        "chart": _by_choice(run.summary),
        "schools": by_school(run),
        "took_part": took_part(request.user, found),
    }
    listing = Listing(request, rows, OutcomeTable, OutcomeFilter, name="result")
    return listing.page("placement/round_result.html", context)


@login_not_required
def round_bundle(request: PublicRequest, consortium: Consortium, round_id: int) -> HttpResponse:
    """The anonymised inputs and result, with the script that checks them."""
    found = _published(request, consortium, round_id)
    run = get_object_or_404(policy.visible_runs(found).select_related("bundle"))
    response = HttpResponse(bytes(run.bundle.archive), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="round-{found.pk}.zip"'
    return response


def my_result(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """A student's own result: the place, and why each dearer wish was passed over."""
    found = _published(request, consortium, round_id)
    mine = get_object_or_404(wishes.visible_wish_lists(request.user), round=found)
    run = get_object_or_404(policy.visible_runs(found))
    placement = policy.visible_placements(request.user).filter(wish__list=mine).first()
    context = {
        "round": found,
        "consortium": consortium,
        "mine": mine,
        "explained": explain_list(run, mine),
        "placement": placement,
        "may_accept": placement and policy.may_accept(request.user, placement),
        "may_decline": placement and policy.may_decline(request.user, placement),
    }
    return render(request, "placement/my_result.html", context)


def seat_result(request: Request, consortium: Consortium, round_id: int, pk: int) -> HttpResponse:
    """An employer's own result at one seat, to confirm or withdraw."""
    found = _published(request, consortium, round_id)
    seat = get_object_or_404(wishes.visible_seats(request.user, found), pk=pk)
    rows = policy.visible_placements(request.user).filter(seat=seat)
    answers = [
        (it, policy.may_confirm(request.user, it), policy.may_withdraw(request.user, it))
        for it in rows
    ]
    outcome = seat.outcomes.order_by("-run").first()
    context = {"round": found, "consortium": consortium, "seat": seat, "answers": answers}
    return render(request, "placement/seat_result.html", context | {"outcome": outcome})


def placement_index(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """Placements of a round that concern me: a school's students, an employer's seats, or all."""
    found = _published(request, consortium, round_id)
    rows = policy.visible_placements(request.user).filter(round=found)
    context: dict[str, Any] = {"round": found, "consortium": consortium}
    listing = Listing(request, rows, PlacementTable, PlacementFilter, name="placements")
    return listing.page("placement/placement_index.html", context)


def _round(request: PublicRequest, consortium: Consortium, pk: int) -> Round:
    rounds = visible_rounds(request.user).select_related("consortium", "job")
    return get_object_or_404(rounds, pk=pk, consortium=consortium)


def _published(request: PublicRequest, consortium: Consortium, pk: int) -> Round:
    rounds = visible_rounds(request.user).filter(state=Round.State.PUBLISHED)
    return get_object_or_404(rounds, pk=pk, consortium=consortium)


def _reason(request: Request) -> str:
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        messages.error(request, _("Please give a reason."))
    return reason


def _by_choice(summary: dict[str, Any]) -> Chart | None:
    """How many got their first, second, … wish."""
    counts = summary["by_choice"]
    if not counts:
        return None
    labels = [_("Wish %(n)s") % {"n": number} for number in range(1, len(counts) + 1)]
    return Chart(_("Which wish was fulfilled"), labels, {_("students"): counts})
