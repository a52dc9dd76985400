"""The page on which candidates answer, and the console of a room."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from silian.education.answering import console as board
from silian.education.answering import policy, services
from silian.education.answering.forms import IncidentForm, MinutesForm
from silian.education.answering.models import Attempt, Incident
from silian.education.answering.pictures import file_of
from silian.education.sittings.models import Candidate, Room
from silian.education.sittings.policy import may_watch, visible_candidates, visible_rooms
from silian.governance.consortia.models import Consortium
from silian.kernel.files import services as files
from silian.kernel.files.models import StoredFile
from silian.kernel.http import PublicRequest, Request

# --- the candidate ----------------------------------------------------------------------


@login_not_required
def sit(request: PublicRequest) -> HttpResponse:
    """One page for everybody: who sits here, the ticket says. What it posts, the gate answers."""
    return render(request, "answering/sit.html")


@login_not_required
def picture(request: PublicRequest, token: str) -> FileResponse:
    """A picture of an item, for whoever was given its address with the paper."""
    return files.respond(get_object_or_404(StoredFile, pk=file_of(token)), inline=True)


# --- the room ---------------------------------------------------------------------------


@never_cache
def console(request: Request, consortium: Consortium, pk: int, room: int) -> HttpResponse:
    """Who is in, who works, whose device was not heard of; what one can do about it."""
    found = _room(request, consortium, pk, room)
    return render(request, "answering/console.html", _board(request, found))


@never_cache
def console_seats(request: Request, consortium: Consortium, pk: int, room: int) -> HttpResponse:
    """The list alone, asked for every few seconds."""
    found = _room(request, consortium, pk, room)
    return render(request, "answering/seats.html", _board(request, found))


@never_cache
def desk(
    request: Request, consortium: Consortium, pk: int, room: int, candidate: int
) -> HttpResponse:
    """One candidate: how far they are, and what can be done."""
    found = _candidate(request, consortium, pk, room, candidate)
    attempt = policy.attempt_of(found)
    context = {
        "object": found,
        "consortium": consortium,
        "room": found.room,
        "attempt": attempt,
        "seat": board.seat_of(found),
        "answers": board.tally(attempt) if attempt else None,
        "minutes_form": MinutesForm(),
        "may_watch": may_watch(request.user, _watched(found)),
        "may_admit_late": policy.may_admit_late(request.user, found),
    }
    return render(request, "answering/desk.html", context)


@require_POST
def candidate_admit(
    request: Request, consortium: Consortium, pk: int, room: int, candidate: int
) -> HttpResponse:
    found = _watching(request, consortium, pk, room, candidate)
    services.admit(found, by=request.user)
    if request.htmx:
        return render(request, "answering/seats.html", _board(request, _watched(found)))
    return redirect("answering:console", consortium, pk, room)


@require_POST
def device_allow(
    request: Request, consortium: Consortium, pk: int, room: int, candidate: int
) -> HttpResponse:
    attempt = _attempt(_watching(request, consortium, pk, room, candidate))
    code = services.allow_device(attempt, by=request.user)
    messages.success(request, _("Code for the other device: %(code)s") % {"code": code})
    return redirect("answering:desk", consortium, pk, room, candidate)


@require_POST
def candidate_minutes(
    request: Request, consortium: Consortium, pk: int, room: int, candidate: int
) -> HttpResponse:
    found = _watching(request, consortium, pk, room, candidate)
    _add_minutes(request, found)
    return redirect("answering:desk", consortium, pk, room, candidate)


@require_POST
def room_minutes(request: Request, consortium: Consortium, pk: int, room: int) -> HttpResponse:
    found = _room(request, consortium, pk, room)
    may_watch(request.user, found).enforce()
    _add_minutes(request, found)
    return redirect("answering:console", consortium, pk, room)


@require_POST
def candidate_take_in(
    request: Request, consortium: Consortium, pk: int, room: int, candidate: int
) -> HttpResponse:
    attempt = _attempt(_watching(request, consortium, pk, room, candidate))
    if reason := _reason(request):
        services.take_in(attempt, reason=reason, by=request.user)
    return redirect("answering:desk", consortium, pk, room, candidate)


@require_POST
def late_admit(
    request: Request, consortium: Consortium, pk: int, room: int, candidate: int
) -> HttpResponse:
    found = _candidate(request, consortium, pk, room, candidate)
    policy.may_admit_late(request.user, found).enforce()
    if reason := _reason(request):
        services.admit_late(_attempt(found), reason=reason, by=request.user)
        messages.success(request, _("What came too late so far counts now."))
    return redirect("answering:desk", consortium, pk, room, candidate)


def incident_new(request: Request, consortium: Consortium, pk: int, room: int) -> HttpResponse:
    found = _room(request, consortium, pk, room)
    may_watch(request.user, found).enforce()
    form = IncidentForm(request.POST or None, instance=Incident(room=found))
    if request.method == "POST" and form.is_valid():
        services.note_incident(form.save(commit=False), by=request.user)
        messages.success(request, _("Noted."))
        return redirect("answering:console", consortium, pk, room)
    context = {"form": form, "room": found, "consortium": consortium}
    return render(request, "answering/incident_form.html", context)


# --- finding ----------------------------------------------------------------------------


def _board(request: Request, room: Room) -> dict[str, Any]:
    rows = visible_candidates(request.user).filter(room=room)
    return {
        "room": room,
        "exam": room.exam,
        "consortium": room.exam.consortium,
        "seats": board.seats(rows),
        "incidents": room.incidents.select_related("candidate__person", "by"),
        "minutes_form": MinutesForm(),
        "may_watch": may_watch(request.user, room),
    }


def _room(request: Request, consortium: Consortium, pk: int, room: int) -> Room:
    rows = visible_rooms(request.user).filter(exam=pk, exam__consortium=consortium)
    return get_object_or_404(rows, pk=room)


def _candidate(
    request: Request, consortium: Consortium, pk: int, room: int, candidate: int
) -> Candidate:
    rows = visible_candidates(request.user).filter(exam__consortium=consortium, exam=pk, room=room)
    return get_object_or_404(rows, pk=candidate)


def _watching(
    request: Request, consortium: Consortium, pk: int, room: int, candidate: int
) -> Candidate:
    found = _candidate(request, consortium, pk, room, candidate)
    may_watch(request.user, _watched(found)).enforce()
    return found


def _watched(candidate: Candidate) -> Room:
    assert candidate.room is not None  # it was found by its room
    return candidate.room


def _attempt(candidate: Candidate) -> Attempt:
    return get_object_or_404(Attempt, candidate=candidate)


def _add_minutes(request: Request, to: Candidate | Room) -> None:
    form = MinutesForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how many minutes (1 to 240) and why."))
        return
    services.add_minutes(to, by=request.user, **form.cleaned_data)
    messages.success(request, _("%(n)s minutes added.") % {"n": form.cleaned_data["minutes"]})


def _reason(request: Request) -> str:
    reason = request.POST.get("reason", "").strip()[:300]
    if not reason:
        messages.error(request, _("Please give a reason."))
    return reason
