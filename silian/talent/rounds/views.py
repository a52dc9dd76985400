"""The rounds of a consortium, one round, and its preparation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.industry.demand.models import Position
from silian.kernel import clock
from silian.kernel.calendars import events as calendars
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.talent.rounds import policy, services
from silian.talent.rounds.forms import RoundForm, SeatsForm, TimetableForm
from silian.talent.rounds.models import Round
from silian.talent.rounds.tables import (
    CandidateFilter,
    CandidateTable,
    RoundFilter,
    RoundTable,
    SeatFilter,
    SeatTable,
)


@login_not_required
def round_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rounds = policy.visible_rounds(request.user).filter(consortium=consortium)
    rows = policy.with_places(rounds)
    context = {
        "consortium": consortium,
        "may_prepare": policy.may_prepare(request.user, consortium),
    }
    listing = Listing(request, rows, RoundTable, RoundFilter, name="rounds")
    return listing.page("rounds/round_index.html", context)


@login_not_required
def round_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """Rules, timetable and seats, for everybody; what to do next, for the secretariat."""
    found = _visible(request, consortium, pk)
    seats = policy.visible_seats(request.user).filter(round=found)
    listing = Listing(request, policy.with_wishes(seats), SeatTable, SeatFilter, name="seats")
    context = {
        "object": found,
        "consortium": consortium,
        "steps": policy.timetable(found),
        "now": clock.now(),
        "totals": found.seats.aggregate(seats=Count("pk"), places=Sum("quota")),
        "may_prepare": policy.may_prepare(request.user, consortium),
        "is_student": policy.may_wish_somewhere(request.user),
        "took_part": policy.took_part(request.user, found),
        "may_see_applicants": policy.may_see_applicants(request.user, found),
        "may_edit": policy.may_edit(request.user, found),
        "may_open": policy.may_open(request.user, found),
        "may_cancel": policy.may_cancel(request.user, found),
        "may_reschedule": policy.may_reschedule(request.user, found),
    }
    return listing.page("rounds/round_detail.html", context)


def round_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_prepare(request.user, consortium).enforce()
    return _form_page(request, Round(consortium=consortium))


def round_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    found = _visible(request, consortium, pk)
    policy.may_edit(request.user, found).enforce()
    return _form_page(request, found)


def round_seats(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The positions that can take part, page by page; what is typed on one page is saved there."""
    found = _visible(request, consortium, pk)
    policy.may_edit(request.user, found).enforce()
    rows = policy.visible_candidates(request.user, found)
    if request.method == "POST":
        rows = rows.filter(pk__in=_numbered(request, "quota_"))
    listing = Listing(request, rows, CandidateTable, CandidateFilter, name="seats", per_page=SHOWN)
    if not listing.is_export:
        listing.table.form = form = SeatsForm(request.POST or None, positions=listing.shown)
        if request.method == "POST" and form.is_valid():
            services.set_seats(found, form.numbers(), by=request.user)
            messages.success(request, _("The seats are saved."))
            return redirect(request.get_full_path())
    context = {
        "round": found,
        "consortium": consortium,
        "form": listing.table.form,
        "totals": found.seats.aggregate(seats=Count("pk"), places=Sum("quota")),
    }
    return listing.page("rounds/round_seats.html", context)


@require_POST
def round_seats_all(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Let all positions that the filters leave take part with their head count, or none of them."""
    found = _visible(request, consortium, pk)
    policy.may_edit(request.user, found).enforce()
    candidates = policy.visible_candidates(request.user, found)
    matching = CandidateFilter(request.GET, candidates, request=request).qs
    if request.GET.get("take") == "out":
        numbers: dict[Position, services.Numbers | None] = dict.fromkeys(
            matching.filter(quota__isnull=False)
        )
    else:
        numbers = {it: (it.places, 0) for it in matching.filter(quota=None)}
    services.set_seats(found, numbers, by=request.user)
    messages.success(request, _("Changed: %(count)s positions.") % {"count": len(numbers)})
    asked = request.GET.copy()
    asked.pop("take", None)
    return redirect(f"{reverse('rounds:round_seats', args=[consortium, pk])}?{asked.urlencode()}")


SHOWN = 50  # positions on one page


def _numbered(request: Request, prefix: str) -> list[int]:
    """The keys that stand behind ``prefix`` in the names of what was sent; no more than a page."""
    keys = (name.removeprefix(prefix) for name in request.POST if name.startswith(prefix))
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 10][:SHOWN]


def round_timetable(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Put off deadlines that lie ahead."""
    found = _visible(request, consortium, pk)
    policy.may_reschedule(request.user, found).enforce()
    form = TimetableForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        fresh = _visible(request, consortium, pk)
        deadlines = {name: form.cleaned_data[name] for name in form.fields if name != "reason"}
        try:
            services.reschedule(
                fresh, reason=form.cleaned_data["reason"], by=request.user, **deadlines
            )
            return redirect("rounds:round_detail", consortium, pk)
        except ValidationError as error:
            form.add_error(None, error)
    cancel = reverse("rounds:round_detail", args=[consortium, pk])
    context = {"form": form, "round": found, "consortium": consortium, "cancel": cancel}
    return render(request, "rounds/round_timetable.html", context)


@require_POST
def round_open(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    found = _visible(request, consortium, pk)
    policy.may_open(request.user, found).enforce()
    services.open_wishes(found, by=request.user)
    return redirect("rounds:round_detail", consortium, pk)


@require_POST
def round_cancel(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    found = _visible(request, consortium, pk)
    policy.may_cancel(request.user, found).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        services.cancel_round(found, reason=reason, by=request.user)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect("rounds:round_detail", consortium, pk)


@login_not_required
def round_calendar(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """The timetable as iCalendar."""
    found = _visible(request, consortium, pk)
    return calendars.respond(policy.events_of(found), file=f"round-{found.pk}")


def _visible(request: PublicRequest, consortium: Consortium, pk: int) -> Round:
    return get_object_or_404(policy.visible_rounds(request.user), pk=pk, consortium=consortium)


def _form_page(request: Request, found: Round) -> HttpResponse:
    form = RoundForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        saved = services.save_round(form.save(commit=False), by=request.user)
        return redirect("rounds:round_detail", saved.consortium, saved.pk)
    consortium = found.consortium
    cancel = reverse("rounds:round_index", args=[consortium])
    context = {"form": form, "round": found, "consortium": consortium, "cancel": cancel}
    return render(request, "rounds/round_form.html", context)
