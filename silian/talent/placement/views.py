"""Conducting a round, rehearsing it, and its published result."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.charts import Chart
from silian.kernel.ui.listing import Listing
from silian.talent.fairness.report import named
from silian.talent.placement import policy, services, tasks
from silian.talent.placement.bundle import with_decisions
from silian.talent.placement.rehearsing import delete_rehearsal, rehearse
from silian.talent.placement.result import short_of_minimum
from silian.talent.placement.tables import OutcomeFilter, OutcomeTable
from silian.talent.rounds.models import Round
from silian.talent.rounds.policy import took_part, visible_rounds, visible_seats
from silian.talent.wishes import policy as wishes


def conduct(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """The secretariat's desk: which step the round is at, and what to do now."""
    found = _round(request, consortium, round_id)
    policy.may_see_summary(request.user, found).enforce()
    services.release_if_abandoned(found)
    run = found.runs.first()
    lists, rehearsals = found.wish_lists, policy.visible_rehearsals(request.user, found)
    open_rankings = found.seats.filter(ranking_done=False).select_related("position__organisation")
    context = {
        "round": found,
        "consortium": consortium,
        "run": run,
        "summary": run.summary if run and found.state in SETTLED else None,
        "chart": _by_choice(run.summary) if run else None,
        "fairness": named(run.summary["fairness"]) if run else [],
        "short": short_of_minimum(run) if run else [],
        "rehearsals": rehearsals,
        "may_rehearse": policy.may_rehearse(request.user, found),
        "may_close_seat": policy.may_close_seat(request.user, found),
        "small": found.seats.filter(minimum__gt=0).select_related("position__organisation"),
        "steps": [_("Wishes"), _("Rankings"), _("Computation"), _("Check"), _("Published")],
        "step": STEPS.get(found.state, 1),
        "lists": lists.count(),
        "confirmed": lists.exclude(confirmed_at=None).count(),
        "rankings": found.seats.filter(ranking_done=True).count(),
        "seats": found.seats.count(),
        "open_rankings": open_rankings[:SHOWN],
        "more_rankings": max(open_rankings.count() - SHOWN, 0),
        "may_close": wishes.may_close_wishes(request.user, found),
        "may_run": policy.may_run(request.user, found),
        "may_publish": policy.may_publish(request.user, found),
        "may_discard": policy.may_discard(request.user, found),
    }
    return render(request, "placement/conduct.html", context)


AT_ONCE = 2000  # larger rounds are published in the background
SHOWN = 20
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
    if found.wish_lists.count() > AT_ONCE:
        services.start_publication(found, task=tasks.publish_round, by=request.user)
        return redirect("placement:conduct", consortium, round_id)
    services.publish_round(found, by=request.user)
    return redirect("placement:round_result", consortium, round_id)


@require_POST
def round_rehearse(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """Copy the round as it stands and compute the copy."""
    found = _round(request, consortium, round_id)
    policy.may_rehearse(request.user, found).enforce()
    copy = rehearse(found, by=request.user)
    services.start_rehearsal(copy, task=tasks.compute_round, by=request.user)
    return redirect("placement:rehearsal", consortium, copy.pk)


def rehearsal(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """What would come of the round if wishes closed as they were: for the secretariat alone."""
    copy = _rehearsal(request, consortium, round_id)
    run = copy.runs.first()
    context: dict[str, Any] = {
        "round": copy,
        "consortium": consortium,
        "run": run,
        "may_delete": policy.may_delete_rehearsal(request.user, copy),
    }
    if run:
        context |= {
            "summary": run.summary,
            "chart": _by_choice(run.summary),
            "fairness": named(run.summary["fairness"]),
            "short": short_of_minimum(run),
        }
    return render(request, "placement/rehearsal.html", context)


@require_POST
def rehearsal_delete(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    copy = _rehearsal(request, consortium, round_id)
    policy.may_delete_rehearsal(request.user, copy).enforce()
    delete_rehearsal(copy, by=request.user)
    messages.success(request, _("The rehearsal is deleted."))
    return redirect("placement:conduct", consortium, copy.rehearses_id)


@require_POST
def seat_close(request: Request, consortium: Consortium, round_id: int, pk: int) -> HttpResponse:
    """Take a position that cannot run out of the computation."""
    found = _round(request, consortium, round_id)
    seat = get_object_or_404(visible_seats(request.user).filter(round=found), pk=pk)
    policy.may_close_seat(request.user, found).enforce()
    if reason := _reason(request):
        services.close_seat(seat, reason=reason, by=request.user)
    return redirect("placement:conduct", consortium, round_id)


@login_not_required
def round_result(request: PublicRequest, consortium: Consortium, round_id: int) -> HttpResponse:
    """What everybody may know of a published round, and how to check it."""
    found = _published(request, consortium, round_id)
    run = get_object_or_404(policy.visible_runs(found))
    rows = policy.visible_outcomes(run)
    context = {
        "round": found,
        "consortium": consortium,
        "run": run,
        "summary": run.summary,
        "chart": _by_choice(run.summary),
        "fairness": named(run.summary["fairness"]),
        "short": short_of_minimum(run),
        "decisions": policy.visible_decisions(found),
        "took_part": took_part(request.user, found),
    }
    listing = Listing(request, rows, OutcomeTable, OutcomeFilter, name="result")
    return listing.page("placement/round_result.html", context)


@login_not_required
def round_bundle(request: PublicRequest, consortium: Consortium, round_id: int) -> HttpResponse:
    """The anonymised inputs and result, with the script that checks them."""
    found = _published(request, consortium, round_id)
    run = get_object_or_404(policy.visible_runs(found).select_related("bundle"))
    archive = with_decisions(run.bundle, list(policy.visible_decisions(found)))
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="round-{found.pk}.zip"'
    return response


def _round(request: PublicRequest, consortium: Consortium, pk: int) -> Round:
    rounds = visible_rounds(request.user).select_related("consortium", "job")
    return get_object_or_404(rounds, pk=pk, consortium=consortium)


def _rehearsal(request: Request, consortium: Consortium, pk: int) -> Round:
    copy = _round(request, consortium, pk)
    policy.may_see_summary(request.user, copy).enforce()
    if copy.rehearses is None:
        raise Http404
    return get_object_or_404(policy.visible_rehearsals(request.user, copy.rehearses), pk=pk)


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
