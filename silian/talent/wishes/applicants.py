"""Pages of an employer: its seats in a round, and who applied to each."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.kernel.ui.exports import exported
from silian.kernel.ui.listing import Listing
from silian.talent.rounds.models import Round, Seat
from silian.talent.rounds.policy import visible_rounds
from silian.talent.wishes import closing, policy, ranking, services
from silian.talent.wishes.forms import RankingForm, ScoringForm
from silian.talent.wishes.models import Wish
from silian.talent.wishes.policy import wishes_of_seat
from silian.talent.wishes.tables import ApplicantTable, OwnSeatTable, SeatFilter


def my_seats(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """The seats of my organisations; of all, for the secretariat."""
    found = _round(request, consortium, round_id)
    answered = Q(rank__isnull=False) | Q(score__isnull=False)
    seats = policy.visible_seats(request.user, found).annotate(
        applicants=wishes_of_seat(Q(barred="")), ranked=wishes_of_seat(answered)
    )
    context = {"round": found, "consortium": consortium}
    listing = Listing(request, seats, OwnSeatTable, SeatFilter, name="applicants")
    return listing.page("wishes/my_seats.html", context)


def seat_applicants(
    request: Request, consortium: Consortium, round_id: int, pk: int
) -> HttpResponse:
    """Who applied to one seat, in the order in which the run will take them; and their ranking."""
    seat = _seat(request, consortium, round_id, pk)
    applicants = policy.visible_applicants(request.user).filter(seat=seat).in_order_of_claim()
    if file := exported(ApplicantTable(applicants), request.GET.get("export", ""), "applicants"):
        return file
    may_rank = policy.may_rank(request.user, seat)
    suitable = [wish for wish in applicants if not wish.refused]
    form_class = ScoringForm if seat.round.rule == Round.Rule.WEIGHTED else RankingForm
    form = form_class(request.POST or None, applicants=suitable, initial={"version": seat.version})
    if request.method == "POST":
        may_rank.enforce()
        if form.is_valid() and _ranked(request, seat, form):
            return redirect("wishes:seat_applicants", consortium, round_id, pk)
    context = {
        "seat": seat,
        "round": seat.round,
        "consortium": consortium,
        "form": form,
        "unsuitable": [wish for wish in applicants if wish.refused],
        "may_rank": may_rank,
        "may_take_back": policy.may_take_back(request.user, seat),
    }
    return render(request, "wishes/seat_applicants.html", context)


@require_POST
def ranking_hand_in(
    request: Request, consortium: Consortium, round_id: int, pk: int
) -> HttpResponse:
    seat = _seat(request, consortium, round_id, pk)
    policy.may_rank(request.user, seat).enforce()
    ranking.hand_in_ranking(seat, by=request.user)
    messages.success(request, _("The ranking is handed in and counts."))
    return redirect("wishes:seat_applicants", consortium, round_id, pk)


@require_POST
def ranking_take_back(
    request: Request, consortium: Consortium, round_id: int, pk: int
) -> HttpResponse:
    seat = _seat(request, consortium, round_id, pk)
    policy.may_take_back(request.user, seat).enforce()
    ranking.take_back_ranking(seat, by=request.user)
    return redirect("wishes:seat_applicants", consortium, round_id, pk)


@require_POST
def applicant_refuse(
    request: Request, consortium: Consortium, round_id: int, pk: int, wish_id: int
) -> HttpResponse:
    wish = _applicant(request, consortium, round_id, pk, wish_id)
    if reason := request.POST.get("reason", "").strip()[:300]:
        ranking.refuse_applicant(wish, reason=reason, by=request.user)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect("wishes:seat_applicants", consortium, round_id, pk)


@require_POST
def applicant_accept(
    request: Request, consortium: Consortium, round_id: int, pk: int, wish_id: int
) -> HttpResponse:
    wish = _applicant(request, consortium, round_id, pk, wish_id)
    ranking.accept_applicant(wish, by=request.user)
    return redirect("wishes:seat_applicants", consortium, round_id, pk)


@require_POST
def wishes_close(request: Request, consortium: Consortium, round_id: int) -> HttpResponse:
    """The secretariat closes wishes once the deadline has passed."""
    found = _round(request, consortium, round_id)
    policy.may_close_wishes(request.user, found).enforce()
    closing.close_wishes(found, by=request.user)
    return redirect("placement:conduct", consortium, round_id)


def _ranked(request: Request, seat: Seat, form: RankingForm | ScoringForm) -> bool:
    version = form.cleaned_data["version"]
    try:
        if isinstance(form, ScoringForm):
            ranking.score_applicants(seat, form.scores(), version=version, by=request.user)
        else:
            ranking.rank_applicants(seat, form.order(), version=version, by=request.user)
    except services.ChangedElsewhere:
        told = _(
            "Nothing was saved: a colleague changed this ranking meanwhile."
            " Open the page again to see it; your numbers are still below."
        )
        form.add_error(None, told)
        return False
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("The ranking is saved. It counts once it is handed in."))
    return True


def _round(request: Request, consortium: Consortium, pk: int) -> Round:
    rounds = visible_rounds(request.user).exclude(state=Round.State.PREPARED)
    return get_object_or_404(rounds, pk=pk, consortium=consortium)


def _seat(request: Request, consortium: Consortium, round_id: int, pk: int) -> Seat:
    found = _round(request, consortium, round_id)
    return get_object_or_404(policy.visible_seats(request.user, found), pk=pk)


def _applicant(
    request: Request, consortium: Consortium, round_id: int, pk: int, wish_id: int
) -> Wish:
    seat = _seat(request, consortium, round_id, pk)
    policy.may_rank(request.user, seat).enforce()
    applicants = policy.visible_applicants(request.user).filter(seat=seat)
    return get_object_or_404(applicants, pk=wish_id)
