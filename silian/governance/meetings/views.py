"""The meetings of a consortium, one meeting from draft to close, and its agenda."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.council.policy import electorate
from silian.governance.meetings import agenda, policy, services
from silian.governance.meetings.forms import CallForm, ItemForm, MeetingForm, NoteForm
from silian.governance.meetings.invitations import event_of
from silian.governance.meetings.models import Item, Meeting
from silian.governance.meetings.tables import MeetingFilter, MeetingTable
from silian.kernel.calendars import events as calendars
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

VERDICTS = """prepare edit edit_agenda invite call send_update cancel open close note sign_in_others
answer read_papers""".split()


# --- all meetings -----------------------------------------------------------------------


def meeting_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_meetings(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_prepare": policy.may_prepare(request.user, consortium),
    }
    listing = Listing(request, rows, MeetingTable, MeetingFilter, name="meetings")
    return listing.page("meetings/meeting_index.html", context)


def meeting_month(request: Request, consortium: Consortium) -> HttpResponse:
    return render(request, "meetings/meeting_month.html", {"consortium": consortium})


def meeting_events(request: Request, consortium: Consortium) -> JsonResponse:
    rows = policy.visible_meetings(request.user).filter(consortium=consortium)
    held = rows.exclude(state=Meeting.State.CANCELLED).prefetch_related("items")
    return JsonResponse(calendars.entries(map(event_of, held)), safe=False)


# --- one meeting ------------------------------------------------------------------------


def meeting_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    meeting = _meeting(request, consortium, pk)
    sides = {verb: consortium if verb == "prepare" else meeting for verb in VERDICTS}
    context: dict[str, Any] = {
        f"may_{v}": getattr(policy, f"may_{v}")(request.user, side) for v, side in sides.items()
    }
    context |= {
        "object": meeting,
        "meeting": meeting,
        "consortium": consortium,
        "items": policy.visible_items(request.user, meeting),
        "mine": policy.my_attendees(request.user, meeting),
        "steps": [Meeting.State(state).label for state in ("draft", "called", "open", "closed")],
        "step": ["draft", "called", "open", "closed", "cancelled"].index(meeting.state) + 1,
        "replies": policy.replies(meeting),
        "quorum": policy.quorum_of(meeting),
        "notice_needed": policy.notice_needed(meeting),
        "call_by": policy.call_by(meeting),
    }
    return render(request, "meetings/meeting_detail.html", context)


def meeting_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_prepare(request.user, consortium).enforce()
    cancel = reverse("meetings:meeting_index", args=[consortium])
    return _meeting_form(request, Meeting(consortium=consortium), cancel)


def meeting_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    meeting = _meeting(request, consortium, pk)
    policy.may_edit(request.user, meeting).enforce()
    return _meeting_form(request, meeting, meeting.get_absolute_url())


def _meeting_form(request: Request, meeting: Meeting, cancel: str) -> HttpResponse:
    form = MeetingForm(request.POST or None, instance=meeting)
    if form.is_valid():
        saved = form.save(commit=False)
        try:
            if saved.state == Meeting.State.CALLED:
                why = form.cleaned_data["short_notice_why"]
                services.change_meeting(saved, by=request.user, short_notice_why=why)
                messages.success(request, _("Saved; everybody is sent the update."))
            else:
                services.draft_meeting(saved, by=request.user)
            return redirect(saved)
        except ValidationError as error:
            form.add_error("short_notice_why", error)
    context = {"consortium": meeting.consortium, "form": form, "cancel": cancel}
    return render(request, "meetings/meeting_form.html", context | {"meeting": meeting})


def meeting_call(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Who will be invited, in whose name, and whether the notice suffices."""
    meeting = _meeting(request, consortium, pk)
    policy.may_call(request.user, meeting).enforce()
    form = CallForm(meeting, request.POST or None)
    if form.is_valid():
        try:
            services.call_meeting(meeting, by=request.user, **form.cleaned_data)
            messages.success(request, _("The meeting is called; the invitations are on their way."))
            return redirect(meeting)
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "consortium": consortium,
        "meeting": meeting,
        "form": form,
        "cancel": meeting.get_absolute_url(),
        "electors": electorate(consortium, meeting.organ) if meeting.organ else [],
        "attendees": meeting.attendees.select_related("organisation"),
        "needed": policy.notice_needed(meeting),
    }
    return render(request, "meetings/meeting_call.html", context)


@require_POST
def meeting_cancel(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    meeting = _meeting(request, consortium, pk)
    policy.may_cancel(request.user, meeting).enforce()
    if why := request.POST.get("reason", "").strip()[:300]:
        services.cancel_meeting(meeting, by=request.user, why=why)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect(meeting)


Step = tuple[Callable[..., Verdict], Callable[..., None], str]
STEPS: dict[str, Step] = {
    "update": (policy.may_send_update, services.send_update, gettext_noop("The update is sent.")),
    "open": (policy.may_open, services.open_meeting, gettext_noop("The meeting is in session.")),
    "close": (policy.may_close, services.close_meeting, gettext_noop("The meeting is closed.")),
}


@require_POST
def meeting_step(request: Request, consortium: Consortium, pk: int, step: str) -> HttpResponse:
    may, act, said = STEPS[step]
    meeting = _meeting(request, consortium, pk)
    may(request.user, meeting).enforce()
    act(meeting, by=request.user)
    messages.success(request, _(said))
    return redirect(meeting)


def meeting_ics(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    meeting = _meeting(request, consortium, pk)
    return calendars.respond([event_of(meeting)], file=f"meeting-{pk}")


def _meeting(request: Request, consortium: Consortium, pk: int) -> Meeting:
    return get_object_or_404(policy.visible_meetings(request.user), pk=pk, consortium=consortium)


# --- the agenda -------------------------------------------------------------------------


def _item(request: Request, consortium: Consortium, pk: int, item: int) -> Item:
    meeting = _meeting(request, consortium, pk)
    found = get_object_or_404(policy.visible_items(request.user, meeting), pk=item)
    found.meeting = meeting
    return found


def item_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    return _item_form(request, Item(meeting=_meeting(request, consortium, pk)))


def item_edit(request: Request, consortium: Consortium, pk: int, item: int) -> HttpResponse:
    return _item_form(request, _item(request, consortium, pk, item))


def _item_form(request: Request, item: Item) -> HttpResponse:
    meeting = item.meeting
    policy.may_edit_agenda(request.user, meeting).enforce()
    form = ItemForm(request.POST or None, request.FILES or None, instance=item)
    if form.is_valid():
        papers = form.cleaned_data["papers"]
        agenda.save_item(form.save(commit=False), papers=papers, by=request.user)
        again = "again" in request.POST
        return (
            redirect("meetings:item_new", meeting.consortium, meeting.pk)
            if again
            else redirect(meeting)
        )
    context = {"form": form, "item": item, "meeting": meeting, "consortium": meeting.consortium}
    context["cancel"] = meeting.get_absolute_url()
    return render(request, "meetings/item_form.html", context)


@require_POST
def item_move(
    request: Request, consortium: Consortium, pk: int, item: int, by: int
) -> HttpResponse:
    """One place up or down."""
    found = _item(request, consortium, pk, item)
    policy.may_edit_agenda(request.user, found.meeting).enforce()
    keys = [one.pk for one in found.meeting.items.all()]
    here = keys.index(found.pk)
    keys.insert(max(0, here + by), keys.pop(here))
    agenda.reorder(found.meeting, keys, by=request.user)
    return redirect(found.meeting)


@require_POST
def item_remove(request: Request, consortium: Consortium, pk: int, item: int) -> HttpResponse:
    found = _item(request, consortium, pk, item)
    policy.may_remove_item(request.user, found).enforce()
    agenda.remove_item(found, by=request.user)
    return redirect(found.meeting)


@require_POST
def item_take(request: Request, consortium: Consortium, pk: int, item: int) -> HttpResponse:
    found = _item(request, consortium, pk, item)
    policy.may_close(request.user, found.meeting).enforce()
    agenda.take_up(found, by=request.user)
    return redirect(found.meeting)


def item_note(request: Request, consortium: Consortium, pk: int, item: int) -> HttpResponse:
    found = _item(request, consortium, pk, item)
    policy.may_note(request.user, found.meeting).enforce()
    form = NoteForm(request.POST or None, instance=found)
    if form.is_valid():
        agenda.note(found, form.cleaned_data["note"], by=request.user)
        return redirect(found.meeting)
    context = {"form": form, "item": found, "consortium": consortium}
    context["cancel"] = found.meeting.get_absolute_url()
    return render(request, "meetings/item_note.html", context)


def paper(request: Request, consortium: Consortium, pk: int, paper: int) -> HttpResponse:
    """A paper of the agenda; those who are not invited do not learn that there is one."""
    meeting = _meeting(request, consortium, pk)
    if not policy.may_read_papers(request.user, meeting):
        raise Http404
    return respond(get_object_or_404(policy.visible_papers(meeting), pk=paper), inline=True)


@require_POST
def paper_remove(
    request: Request, consortium: Consortium, pk: int, item: int, paper: int
) -> HttpResponse:
    found = _item(request, consortium, pk, item)
    policy.may_edit_agenda(request.user, found.meeting).enforce()
    stored = get_object_or_404(policy.visible_papers(found.meeting), pk=paper)
    agenda.remove_paper(found, stored, by=request.user)
    return redirect(found.meeting)
