"""Who is invited to a meeting, what they answer, and signing in from lists and sheets."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from silian.governance.attendance import policy, replies, services
from silian.governance.attendance.forms import AttendeeForm, ReplyForm, SheetForm
from silian.governance.attendance.tables import AttendeeFilter, AttendeeTable, ClosedTable
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.models import Attendee, Meeting
from silian.governance.meetings.policy import (
    may_invite,
    may_sign_in_others,
    visible_meetings,
)
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing


def meeting_of(request: Request, consortium: Consortium, pk: int) -> Meeting:
    return get_object_or_404(visible_meetings(request.user), pk=pk, consortium=consortium)


def attendee_of(request: Request, consortium: Consortium, pk: int, attendee: int) -> Attendee:
    meeting = meeting_of(request, consortium, pk)
    found = get_object_or_404(policy.visible_attendees(request.user, meeting), pk=attendee)
    found.meeting = meeting
    return found


# --- the list ---------------------------------------------------------------------------


def attendee_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    meeting = meeting_of(request, consortium, pk)
    policy.may_manage(request.user, meeting).enforce()
    rows = policy.visible_attendees(request.user, meeting).select_related("meeting__consortium")
    context = {
        "meeting": meeting,
        "consortium": consortium,
        "may_invite": may_invite(request.user, meeting),
        "may_sign_in": may_sign_in_others(request.user, meeting),
        "sheets": policy.visible_sheets(request.user, meeting),
    }
    table = AttendeeTable if context["may_sign_in"] else ClosedTable
    listing = Listing(request, rows, table, AttendeeFilter, name="attendees", per_page=50)
    return listing.page("attendance/attendee_index.html", context)


def attendee_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    meeting = meeting_of(request, consortium, pk)
    may_invite(request.user, meeting).enforce()
    voting = bool(policy.may_add_voter(request.user, meeting))
    form = AttendeeForm(meeting, request.POST or None, voting=voting)
    return _attendee_form(request, meeting, form, "attendance/attendee_new.html")


def attendee_edit(request: Request, consortium: Consortium, pk: int, attendee: int) -> HttpResponse:
    """One attendee: names can be put right, the invitation answered for them."""
    found = attendee_of(request, consortium, pk, attendee)
    policy.may_manage(request.user, found.meeting).enforce()
    form = AttendeeForm(found.meeting, request.POST or None, instance=found)
    return _attendee_form(request, found.meeting, form, "attendance/attendee_edit.html")


def _attendee_form(
    request: Request, meeting: Meeting, form: AttendeeForm, template: str
) -> HttpResponse:
    if form.is_valid():
        row = form.save(commit=False)
        if row.pk:
            services.change_attendee(row, by=request.user)
        else:
            services.add_attendees(meeting, [row], by=request.user)
        messages.success(request, _("Saved."))
        again = "again" in request.POST
        name = "attendee_new" if again else "attendee_index"
        return redirect(f"attendance:{name}", meeting.consortium, meeting.pk)
    row = form.instance
    context = {
        "form": form,
        "meeting": meeting,
        "consortium": meeting.consortium,
        "attendee": row if row.pk else None,
        "may_reply": policy.may_reply(request.user, row) if row.pk else False,
        "may_remove": policy.may_remove(request.user, row) if row.pk else False,
        "cancel": reverse("attendance:attendee_index", args=[meeting.consortium, meeting.pk]),
    }
    return render(request, template, context)


@require_POST
def attendee_remove(
    request: Request, consortium: Consortium, pk: int, attendee: int
) -> HttpResponse:
    found = attendee_of(request, consortium, pk, attendee)
    policy.may_remove(request.user, found).enforce()
    services.remove_attendee(found, by=request.user)
    messages.success(request, _("Taken off the list."))
    return redirect("attendance:attendee_index", consortium, pk)


# --- answers ----------------------------------------------------------------------------


def reply(request: Request, consortium: Consortium, pk: int, attendee: int) -> HttpResponse:
    found = attendee_of(request, consortium, pk, attendee)
    policy.may_reply(request.user, found).enforce()
    form = ReplyForm(request.POST or None, instance=found)
    if form.is_valid():
        data = dict(form.cleaned_data)
        try:
            replies.answer(found, by=request.user, note=data.pop("reply_note"), **data)
            messages.success(request, _("Thank you, your answer is kept."))
            return redirect(found.meeting)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "attendee": found, "meeting": found.meeting, "consortium": consortium}
    context["cancel"] = found.meeting.get_absolute_url()
    return render(request, "attendance/reply.html", context)


@require_POST
def reply_quick(
    request: Request, consortium: Consortium, pk: int, attendee: int, reply: str
) -> HttpResponse:
    """Yes or no with one press."""
    if reply not in (Attendee.Reply.COMING, Attendee.Reply.DECLINED):
        raise Http404
    found = attendee_of(request, consortium, pk, attendee)
    policy.may_reply(request.user, found).enforce()
    replies.answer(found, by=request.user, reply=reply)
    messages.success(request, _("Thank you, your answer is kept."))
    return redirect(found.meeting)


@require_POST
def hand_back(request: Request, consortium: Consortium, pk: int, attendee: int) -> HttpResponse:
    """The holder does not want the proxies they were given."""
    holder = attendee_of(request, consortium, pk, attendee)
    policy.may_reply(request.user, holder).enforce()
    for giver in holder.proxied.all():
        replies.hand_back(giver, by=request.user)
    messages.success(request, _("The proxies are handed back."))
    return redirect(holder.meeting)


def invitation(request: Request, consortium: Consortium, pk: int, attendee: int) -> HttpResponse:
    """The invitation with its code, to be shown at the door or printed."""
    found = attendee_of(request, consortium, pk, attendee)
    context = {"attendee": found, "meeting": found.meeting, "consortium": consortium}
    return render(request, "attendance/invitation.html", context)


def badges(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """A badge with its code for everybody whom the filter leaves, to be printed."""
    meeting = meeting_of(request, consortium, pk)
    policy.may_manage(request.user, meeting).enforce()
    found = AttendeeFilter(request.GET, policy.visible_attendees(request.user, meeting)).qs
    context = {"meeting": meeting, "consortium": consortium, "attendees": found}
    return render(request, "attendance/badges.html", context)


# --- signing in from the list -----------------------------------------------------------


@require_POST
def tick(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Those ticked have come, or have left."""
    meeting = meeting_of(request, consortium, pk)
    may_sign_in_others(request.user, meeting).enforce()
    keys = _ticked(request)
    if "left" in request.POST:
        number = services.sign_out_many(meeting, keys, by=request.user)
        said = ngettext("%(number)d has left.", "%(number)d have left.", number)
    else:
        number = services.sign_in_many(meeting, keys, by=request.user)
        said = ngettext("%(number)d is signed in.", "%(number)d are signed in.", number)
    messages.success(request, said % {"number": number})
    return redirect("attendance:attendee_index", consortium, pk)


def paper(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """A scanned sheet as evidence, and those who signed on it."""
    meeting = meeting_of(request, consortium, pk)
    may_sign_in_others(request.user, meeting).enforce()
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload, keys = form.cleaned_data["file"], _ticked(request)
        number = services.keep_sheet(meeting, upload, keys, by=request.user)
        said = ngettext("%(number)d is signed in.", "%(number)d are signed in.", number)
        messages.success(request, said % {"number": number})
        return redirect("attendance:attendee_index", consortium, pk)
    absent = policy.visible_attendees(request.user, meeting).filter(signed_in_at=None)
    context = {
        "form": form,
        "meeting": meeting,
        "consortium": consortium,
        "absent": absent,
        "ticked": _ticked(request),
        "cancel": reverse("attendance:attendee_index", args=[consortium, pk]),
    }
    return render(request, "attendance/paper.html", context)


def sheet(request: Request, consortium: Consortium, pk: int, sheet: int) -> HttpResponse:
    meeting = meeting_of(request, consortium, pk)
    found = get_object_or_404(policy.visible_sheets(request.user, meeting), pk=sheet)
    return respond(found.file, inline=True)


def _ticked(request: Request) -> list[int]:
    return [int(key) for key in request.POST.getlist("attendee") if key.isdecimal()]
