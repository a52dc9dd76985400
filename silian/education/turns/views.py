"""Candidates of a practical exam, their turns, and what each has of them."""

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.examiners.policy import own_entries as own_registers
from silian.education.practicals import policy
from silian.education.practicals import services as exams
from silian.education.practicals.models import Entrant, Practical, Station
from silian.education.turns import services, tickets
from silian.education.turns.forms import EntrantForm, TurnForm
from silian.education.turns.policy import kept, may_draw, may_move_turn
from silian.education.turns.tables import EntrantFilter, EntrantTable
from silian.governance.consortia.models import Consortium
from silian.kernel.documents.services import download
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

# --- candidates -------------------------------------------------------------------------


def entrant_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    practical = managed(request, consortium, pk)
    rows = policy.visible_entrants(request.user).filter(practical=practical)
    listing = Listing(request, rows, EntrantTable, EntrantFilter, name="candidates")
    context = {
        "consortium": consortium,
        "practical": practical,
        "may_prepare": policy.may_prepare(request.user, practical),
    }
    return listing.page("turns/entrant_index.html", context)


def entrant_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    practical = managed(request, consortium, pk)
    policy.may_prepare(request.user, practical).enforce()
    form = EntrantForm(request.POST or None, practical=practical)
    index = reverse("turns:entrant_index", args=[consortium, pk])
    if request.method == "POST" and form.is_valid():
        exams.enter_named(practical, [form.cleaned_data], by=request.user)
        messages.success(request, _("Saved."))
        return redirect(index)
    context = {"form": form, "practical": practical, "consortium": consortium, "cancel": index}
    return render(request, "turns/entrant_form.html", context)


def entrant_detail(request: Request, consortium: Consortium, pk: int, entrant: int) -> HttpResponse:
    """The page to which the code on a ticket leads: who comes, and are they whom they say?"""
    found = entrant_of(request, consortium, pk, entrant)
    turns = found.turns.select_related("station")
    context = {
        "object": found,
        "practical": found.practical,
        "consortium": consortium,
        "turns": turns,
        "kept": kept([turn.pk for turn in turns]),
        "may_prepare": policy.may_prepare(request.user, found.practical),
        "may_replan": policy.may_replan(request.user, found.practical),
        "may_admit": policy.may_admit(request.user, found.practical),
    }
    return render(request, "turns/entrant_detail.html", context)


VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any]]] = {
    "remove": (policy.may_prepare, exams.remove_entrant),
    "admit": (policy.may_admit, exams.admit),
}


@require_POST
def entrant_act(
    request: Request, consortium: Consortium, pk: int, entrant: int, verb: str
) -> HttpResponse:
    found = entrant_of(request, consortium, pk, entrant)
    if verb not in VERBS:
        raise Http404
    may, service = VERBS[verb]
    may(request.user, found.practical).enforce()
    service(found, by=request.user)
    if verb == "remove":
        return redirect("turns:entrant_index", consortium, pk)
    return redirect("turns:entrant_detail", consortium, pk, entrant)


# --- the plan ---------------------------------------------------------------------------


@require_POST
def plan_draw(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    practical = managed(request, consortium, pk)
    may_draw(request.user, practical).enforce()
    try:
        drawn = services.draw_plan(practical, by=request.user, seed=secrets.randbelow(10**6))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(practical)
    messages.success(request, _("%(count)s turns are planned.") % {"count": drawn})
    return redirect("turns:plan", consortium, pk)


def plan(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Everybody's turns, a row each, to be hung up: numbers only."""
    practical = managed(request, consortium, pk)
    stations = list(practical.stations.all())
    rows: dict[int, dict[int, Any]] = {}
    turns = policy.visible_turns(request.user).filter(station__practical=practical)
    for turn in turns:
        rows.setdefault(turn.entrant.draw or 0, {})[turn.station_id] = turn
    context = {
        "practical": practical,
        "consortium": consortium,
        "stations": stations,
        "rows": [(n, [rows[n].get(one.pk) for one in stations]) for n in sorted(rows)],
        "kept": kept([turn.pk for turn in turns]),
        "ends": max((turn.during.upper for turn in turns), default=None),
        "may_replan": policy.may_replan(request.user, practical),
        "may_draw": may_draw(request.user, practical),
    }
    return render(request, "turns/plan.html", context)


def turn_move(request: Request, consortium: Consortium, pk: int, turn: int) -> HttpResponse:
    """One turn to another time or desk; what stands against it is said."""
    practical = managed(request, consortium, pk)
    rows = policy.visible_turns(request.user).filter(station__practical=practical)
    found = get_object_or_404(rows, pk=turn)
    may_move_turn(request.user, found).enforce()
    form = TurnForm(request.POST or None, turn=found)
    address = reverse("turns:plan", args=[consortium, pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.move_turn(found, **form.cleaned_data, by=request.user)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(address)
    context = {
        "form": form,
        "turn": found,
        "practical": practical,
        "consortium": consortium,
        "cancel": address,
    }
    return render(request, "turns/turn_form.html", context)


def station_plan(request: Request, consortium: Consortium, pk: int, station: int) -> HttpResponse:
    """Who comes to a station, when and to which desk: numbers only, for its examiners."""
    found = station_of(request, consortium, pk, station)
    turns = policy.visible_turns(request.user).filter(station=found)
    context = {
        "station": found,
        "practical": found.practical,
        "consortium": consortium,
        "turns": turns,
        "kept": kept([turn.pk for turn in turns]),
        "may_replan": policy.may_replan(request.user, found.practical),
    }
    return render(request, "turns/station_plan.html", context)


# --- in print ---------------------------------------------------------------------------


def score_sheet(request: Request, consortium: Consortium, pk: int, station: int) -> HttpResponse:
    found = station_of(request, consortium, pk, station)
    return download(tickets.score_sheet(found), f"{found.name}.pdf")


def ticket(request: Request, consortium: Consortium, pk: int, entrant: int) -> HttpResponse:
    found = entrant_of(request, consortium, pk, entrant)
    return download(tickets.ticket_of(found), f"{found.number}.pdf")


def ticket_sheet(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """All tickets, to be printed and cut."""
    practical = managed(request, consortium, pk)
    rows = policy.visible_entrants(request.user).filter(practical=practical).order_by("draw")
    context = {
        "consortium": consortium,
        "practical": practical,
        "tickets": [
            (row, tickets.address_of(row)) for row in rows.prefetch_related("turns__station")
        ],
    }
    return render(request, "turns/ticket_sheet.html", context)


# --- one's own --------------------------------------------------------------------------


def mine(request: Request) -> HttpResponse:
    """The practical exams one takes, with tickets and turns, and where one judges."""
    context = {
        "entries": policy.own_entries(request.user).prefetch_related("turns__station"),
        "stations": policy.own_stations(request.user),
        "registers": own_registers(request.user),
    }
    return render(request, "turns/mine.html", context)


def own_ticket(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(policy.own_entries(request.user), pk=pk)
    return download(tickets.ticket_of(found), f"{found.number}.pdf")


# --- finding ----------------------------------------------------------------------------


def managed(request: Request, consortium: Consortium, pk: int) -> Practical:
    rows = policy.visible_practicals(request.user)
    practical = get_object_or_404(rows, pk=pk, consortium=consortium)
    policy.may_manage(request.user, practical).enforce()
    return practical


def entrant_of(request: Request, consortium: Consortium, pk: int, entrant: int) -> Entrant:
    rows = policy.visible_entrants(request.user)
    return get_object_or_404(rows, pk=entrant, practical=pk, practical__consortium=consortium)


def station_of(request: Request, consortium: Consortium, pk: int, station: int) -> Station:
    rows = policy.visible_stations(request.user)
    return get_object_or_404(rows, pk=station, practical=pk, practical__consortium=consortium)
