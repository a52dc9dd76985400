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
from silian.kernel import clock
from silian.kernel.calendars import events as calendars
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.talent.rounds import policy, services
from silian.talent.rounds.forms import RoundForm, SeatsForm, TimetableForm
from silian.talent.rounds.models import Round
from silian.talent.rounds.tables import RoundFilter, RoundTable, SeatFilter, SeatTable


@login_not_required
def round_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    rounds = policy.visible_rounds(request.user).filter(consortium=consortium)
    rows = rounds.annotate(places=Sum("seats__quota"))
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
    """Choose the positions that take part, each with its quota."""
    found = _visible(request, consortium, pk)
    policy.may_edit(request.user, found).enforce()
    positions = policy.visible_candidates(request.user, found)
    rows = found.seats.values_list("position", "quota", "minimum")
    seats = {position: (quota, minimum) for position, quota, minimum in rows}
    if request.method == "GET" and "all" in request.GET:
        seats = {it.pk: (it.places, seats.get(it.pk, (0, 0))[1]) for it in positions}
    form = SeatsForm(request.POST or None, positions=positions, seats=seats)
    if request.method == "POST" and form.is_valid():
        numbers = form.numbers()
        services.choose_seats(
            found,
            {position: quota for position, (quota, _minimum) in numbers.items()},
            minimums={position: minimum for position, (_quota, minimum) in numbers.items()},
            by=request.user,
        )
        messages.success(request, _("The seats are saved."))
        return redirect("rounds:round_detail", consortium, pk)
    cancel = reverse("rounds:round_detail", args=[consortium, pk])
    context = {"form": form, "round": found, "consortium": consortium, "cancel": cancel}
    return render(request, "rounds/round_seats.html", context)


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
