"""Each side's own view of a result, and what the secretariat does after it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.talent.criteria.policy import visible_scores
from silian.talent.offers import deciding, policy
from silian.talent.offers.explaining import explain_list, explain_seat
from silian.talent.offers.forms import DecisionForm
from silian.talent.offers.second import prepare_second_round
from silian.talent.offers.tables import PlacementFilter, PlacementTable
from silian.talent.offers.telling import called
from silian.talent.offers.undoing import ties_of, with_ties
from silian.talent.placement.models import Placement
from silian.talent.placement.policy import visible_runs
from silian.talent.rounds.models import Round
from silian.talent.rounds.policy import visible_rounds
from silian.talent.wishes import policy as wishes


def my_result(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """A student's own result: the place, and why each dearer wish was passed over."""
    found = _published(request, consortium, round_id)
    mine = get_object_or_404(wishes.visible_wish_lists(request.user), round=found)
    run = get_object_or_404(visible_runs(found))
    places = policy.visible_placements(request.user).filter(round=found, student=mine.student)
    answers = [
        (it, policy.may_accept(request.user, it), policy.may_decline(request.user, it))
        for it in with_ties(places.order_by("-pk"))
    ]
    context = {
        "round": found,
        "consortium": consortium,
        "mine": mine,
        "scores": visible_scores(mine.student, found),
        "explained": explain_list(run, mine),
        "answers": answers,
        "standing": any(it.state in Placement.STANDING for it, *_verdicts in answers),
    }
    return render(request, "offers/my_result.html", context)


def seat_result(request: Request, consortium: Consortium, round_id: int, pk: int) -> HttpResponse:
    """An employer's own result at one seat: why these students, why not full; confirm, withdraw."""
    found = _published(request, consortium, round_id)
    seat = get_object_or_404(wishes.visible_seats(request.user, found), pk=pk)
    run = get_object_or_404(visible_runs(found))
    rows = policy.visible_placements(request.user).filter(seat=seat)
    answers = [
        (
            it,
            called(it),
            policy.may_confirm(request.user, it),
            policy.may_withdraw(request.user, it),
        )
        for it in with_ties(rows)
    ]
    context = {
        "round": found,
        "consortium": consortium,
        "seat": seat,
        "answers": answers,
        "told": explain_seat(run, seat),
    }
    return render(request, "offers/seat_result.html", context)


def placement_index(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """Placements of a round that concern me: a school's students, an employer's seats, or all."""
    found = _published(request, consortium, round_id)
    rows = policy.visible_placements(request.user).filter(round=found)
    context: dict[str, Any] = {
        "round": found,
        "consortium": consortium,
        "may_decide": policy.may_decide(request.user, found),
        "may_prepare_second": policy.may_prepare_second(request.user, found),
        "next_round": found.next_rounds.exclude(state=Round.State.CANCELLED).first(),
    }
    listing = Listing(request, rows, PlacementTable, PlacementFilter, name="placements")
    return listing.page("offers/placement_index.html", context)


def placement_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """One place: whose it is, what each side can do, and what would follow from its end."""
    rows = policy.visible_placements(request.user).filter(round__consortium=consortium)
    placement = get_object_or_404(rows, pk=pk)
    context = {
        "object": placement,
        "called": called(placement),
        "round": placement.round,
        "consortium": consortium,
        "ties": ties_of(placement) if placement.state in Placement.STANDING else [],
        "may_accept": policy.may_accept(request.user, placement),
        "may_decline": policy.may_decline(request.user, placement),
        "may_confirm": policy.may_confirm(request.user, placement),
        "may_withdraw": policy.may_withdraw(request.user, placement),
        "may_decide": policy.may_decide(request.user, placement.round),
        "may_end": policy.may_end(request.user, placement),
    }
    return render(request, "offers/placement_detail.html", context)


def decision_new(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """Give a student a free place by hand, with a reason that is published."""
    found = _published(request, consortium, round_id)
    policy.may_decide(request.user, found).enforce()
    form = DecisionForm(
        request.POST or None,
        students=policy.visible_candidates(request.user, found),
        seats=policy.visible_free_seats(request.user, found),
    )
    if request.method == "POST" and form.is_valid():
        student, seat = form.cleaned_data["student"], form.cleaned_data["seat"]
        reason = form.cleaned_data["reason"]
        try:
            deciding.give_place(found, student, seat, reason=reason, by=request.user)
            messages.success(request, _("The place is given, and the decision is published."))
            return redirect("offers:placement_index", consortium, round_id)
        except ValidationError as error:
            form.add_error("seat", error)
    cancel = reverse("offers:placement_index", args=[consortium, round_id])
    context = {"form": form, "round": found, "consortium": consortium, "cancel": cancel}
    return render(request, "offers/decision_form.html", context)


@require_POST
def round_second(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """Prepare a further round for what is left, by one press."""
    found = _published(request, consortium, round_id)
    policy.may_prepare_second(request.user, found).enforce()
    second = prepare_second_round(found, by=request.user)
    messages.success(request, _("The next round is prepared. Look over its dates, then open it."))
    return redirect("rounds:round_detail", consortium, second.pk)


def _published(request: Request, consortium: Consortium, pk: int) -> Round:
    rounds = visible_rounds(request.user).filter(state=Round.State.PUBLISHED)
    return get_object_or_404(rounds, pk=pk, consortium=consortium)
