"""The door, the screen in the room, and signing oneself in."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from silian.governance.attendance import journal, policy, services
from silian.governance.attendance.views import attendee_of, meeting_of
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.meetings.policy import (
    may_sign_in_others,
    my_attendees,
    quorum_of,
    rule_of,
)
from silian.kernel import clock
from silian.kernel.http import PublicRequest, Request

REMEMBERED = 600  # seconds in which somebody who scanned the screen can sign in to the site first
LATEST = 5


# --- the door ---------------------------------------------------------------------------


@never_cache
def door(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """One phone at one door: camera, scanner, code or name; it also works without a network."""
    meeting = meeting_of(request, consortium, pk)
    may_sign_in_others(request.user, meeting).enforce()
    context = {"meeting": meeting, "consortium": consortium, "people": _people(request, meeting)}
    return render(request, "attendance/door.html", context)


@never_cache
def door_people(request: Request, consortium: Consortium, pk: int) -> JsonResponse:
    """The list once more, with what other doors have done."""
    meeting = meeting_of(request, consortium, pk)
    policy.may_manage(request.user, meeting).enforce()
    return JsonResponse({"people": _people(request, meeting)})


@require_POST
def door_lines(request: Request, consortium: Consortium, pk: int) -> JsonResponse:
    """What a door noted. Each line is answered, whatever it says, so that the door can forget it.

    Late lines are taken: whether the meeting takes them is asked for each by its time.
    """
    meeting = meeting_of(request, consortium, pk)
    policy.may_manage(request.user, meeting).enforce()
    try:
        sent = json.loads(request.body)["lines"][: journal.MOST]
        lines = [journal.Line.read(line) for line in sent]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "not a journal"}, status=400)
    answers = list(journal.take(meeting, lines, by=request.user))
    return JsonResponse({"answers": answers, "here": meeting.attendees.here().count()})


def _people(request: Request, meeting: Meeting) -> list[dict[str, Any]]:
    return [journal.shown(row) for row in policy.visible_attendees(request.user, meeting)]


# --- the screen -------------------------------------------------------------------------


def screen(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """For a projector: who is here, the quorum, the item, and a code for one's own phone."""
    meeting = meeting_of(request, consortium, pk)
    policy.may_manage(request.user, meeting).enforce()
    context = {"meeting": meeting, "consortium": consortium}
    context |= _board(meeting) | _code(meeting)
    return render(request, "attendance/screen.html", context)


@never_cache
def screen_board(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    meeting = meeting_of(request, consortium, pk)
    policy.may_manage(request.user, meeting).enforce()
    context = {"meeting": meeting, "consortium": consortium} | _board(meeting)
    return render(request, "attendance/board.html", context)


@never_cache
def screen_code(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    meeting = meeting_of(request, consortium, pk)
    policy.may_manage(request.user, meeting).enforce()
    context = {"meeting": meeting, "consortium": consortium} | _code(meeting)
    return render(request, "attendance/screen_code.html", context)


def _board(meeting: Meeting) -> dict[str, Any]:
    here = meeting.attendees.here()
    return {
        "quorum": quorum_of(meeting),
        "rule": rule_of(meeting),
        "here": here.count(),
        "invited": meeting.attendees.count(),
        "latest": here.select_related("organisation").order_by("-signed_in_at", "-pk")[:LATEST],
    }


def _code(meeting: Meeting) -> dict[str, Any]:
    args = [meeting.consortium, meeting.pk, policy.screen_token(meeting)]
    return {"self_url": settings.SITE_URL + reverse("attendance:here_scanned", args=args)}


# --- one's own phone, and online --------------------------------------------------------


@never_cache
@login_not_required
def here_scanned(
    request: PublicRequest, consortium: Consortium, pk: int, token: str
) -> HttpResponse:
    """Whoever comes from the code on the screen was in the room a moment ago."""
    if not policy.is_fresh(pk, token):
        return render(request, "attendance/stale_code.html", {"consortium": consortium}, status=410)
    request.session[_seen(pk)] = clock.now().timestamp()
    address = reverse("attendance:here", args=[consortium, pk])
    return redirect(address) if request.user.is_authenticated else redirect_to_login(address)


@never_cache
def here(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Sign oneself in, shortly after the code was scanned."""
    meeting = meeting_of(request, consortium, pk)
    policy.may_sign_in_here(request.user, meeting).enforce()
    age = clock.now().timestamp() - request.session.get(_seen(pk), 0)
    context = {"consortium": consortium, "meeting": meeting}
    if age > REMEMBERED:
        return render(request, "attendance/stale_code.html", context, status=410)
    mine = my_attendees(request.user, meeting)
    if request.method == "POST":
        attendee = get_object_or_404(mine, code=request.POST.get("code", ""))
        services.sign_in(attendee, by=request.user, channel=Attendee.Channel.SELF)
        messages.success(request, _("You are signed in."))
        return redirect("attendance:here", consortium, pk)
    return render(request, "attendance/here.html", context | {"mine": mine})


def _seen(pk: int) -> str:
    return f"seen_at_meeting_{pk}"


@require_POST
def online(request: Request, consortium: Consortium, pk: int, attendee: int) -> HttpResponse:
    found = attendee_of(request, consortium, pk, attendee)
    policy.may_sign_in_online(request.user, found).enforce()
    services.sign_in(found, by=request.user, channel=Attendee.Channel.ONLINE)
    messages.success(request, _("You are signed in."))
    return redirect(found.meeting)
