"""The register of minutes, one meeting's minutes, and their way until they are sealed."""

import hashlib
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.meetings.policy import visible_meetings
from silian.governance.minutes import policy, services
from silian.governance.minutes.forms import (
    AnswerForm,
    CheckForm,
    CirculateForm,
    DraftForm,
    MotionForm,
    ObjectionForm,
    TextForm,
)
from silian.governance.minutes.models import Minutes
from silian.governance.minutes.tables import MinutesFilter, MinutesTable
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.states import IllegalMove
from silian.kernel.ui.listing import Listing

VERBS = "edit circulate reopen object answer approve approve_by_motion seal".split()


def minutes_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_minutes(request.user).filter(consortium=consortium)
    unwritten = policy.unwritten(request.user).filter(consortium=consortium)
    context = {"consortium": consortium, "unwritten": unwritten}
    listing = Listing(request, rows, MinutesTable, MinutesFilter, name="minutes")
    return listing.page("minutes/minutes_index.html", context)


def of_meeting(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The minutes of a meeting; where there are none the secretariat has them drafted."""
    meetings = visible_meetings(request.user).filter(consortium=consortium)
    meeting = get_object_or_404(meetings, pk=pk)
    found = policy.visible_minutes(request.user).filter(meeting=meeting).first()
    if found:
        return redirect(found)
    may_draft = policy.may_draft(request.user, meeting)
    form = DraftForm(request.POST or None)
    if request.method == "POST":
        may_draft.enforce()
        if form.is_valid():
            return redirect(services.draft_minutes(meeting, by=request.user, **form.cleaned_data))
    context = {"consortium": consortium, "meeting": meeting, "may_draft": may_draft, "form": form}
    return render(request, "minutes/of_meeting.html", context)


def minutes_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    minutes = _visible(request, consortium, pk)
    versions = policy.visible_versions(request.user, minutes)
    context: dict[str, Any] = {
        "object": minutes,
        "minutes": minutes,
        "consortium": consortium,
        "newest": versions[0],
        "versions": versions,
        "approvals": policy.visible_approvals(request.user, minutes),
        "objections": policy.visible_objections(request.user, minutes),
        "leads": policy.leads(request.user, consortium),
        "steps": [str(label) for _state, label in Minutes.State.choices],
        "step": list(Minutes.State).index(Minutes.State(minutes.state)) + 1,
    }
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, minutes) for v in VERBS}
    return render(request, "minutes/minutes_detail.html", context)


def minutes_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Change the text; ``?anew`` begins with what would be drafted now."""
    minutes = _visible(request, consortium, pk)
    policy.may_edit(request.user, minutes).enforce()
    newest = policy.visible_versions(request.user, minutes)[0]
    text = services.drafted_again(minutes) if "anew" in request.GET else newest.text
    form = TextForm(request.POST or None, initial={"text": text, "since": newest.number})
    if form.is_valid():
        try:
            services.write(minutes, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(minutes)
        except IllegalMove:
            said = _("Somebody else has saved version %(number)s. Work your change into it.")
            form.add_error("text", said % {"number": newest.number})
    return _form(request, minutes, form, "minutes/minutes_edit.html", newest=newest)


def version(request: Request, consortium: Consortium, pk: int, number: int) -> HttpResponse:
    """One version beside the one before it, or beside ``?with=``."""
    minutes = _visible(request, consortium, pk)
    versions = policy.visible_versions(request.user, minutes)
    found = get_object_or_404(versions, number=number)
    wanted = request.GET.get("with", "")
    other = int(wanted) if wanted.isdecimal() and len(wanted) < 5 else number - 1
    context = {
        "minutes": minutes,
        "consortium": consortium,
        "version": found,
        "before": versions.filter(number=other).first(),
        "versions": versions,
    }
    return render(request, "minutes/version.html", context)


def circulate(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    minutes = _visible(request, consortium, pk)
    policy.may_circulate(request.user, minutes).enforce()
    people = policy.visible_approvers(request.user, minutes.meeting)
    form = CirculateForm(request.POST or None, people=people)
    if form.is_valid():
        services.circulate(minutes, by=request.user, **form.cleaned_data)
        messages.success(request, _("Everybody who was invited is told."))
        return redirect(minutes)
    return _form(request, minutes, form, "minutes/circulate.html")


@require_POST
def reopen(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    minutes = _visible(request, consortium, pk)
    policy.may_reopen(request.user, minutes).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        services.reopen(minutes, by=request.user, why=reason)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect(minutes)


def object_to(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    minutes = _visible(request, consortium, pk)
    policy.may_object(request.user, minutes).enforce()
    form = ObjectionForm(request.POST or None)
    if form.is_valid():
        services.object_to(minutes, by=request.user, **form.cleaned_data)
        messages.success(request, _("The secretariat is told and will answer."))
        return redirect(minutes)
    return _form(request, minutes, form, "minutes/object.html")


def answer(request: Request, consortium: Consortium, pk: int, objection: int) -> HttpResponse:
    minutes = _visible(request, consortium, pk)
    policy.may_answer(request.user, minutes).enforce()
    found = get_object_or_404(policy.visible_objections(request.user, minutes), pk=objection)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        services.answer(found, by=request.user, **form.cleaned_data)
        return redirect(minutes)
    return _form(request, minutes, form, "minutes/answer.html", objection=found)


@require_POST
def approve(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    minutes = _visible(request, consortium, pk)
    policy.may_approve(request.user, minutes).enforce()
    services.approve(minutes, by=request.user)
    messages.success(request, _("You have approved them."))
    return redirect(minutes)


def approve_by_motion(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    minutes = _visible(request, consortium, pk)
    policy.may_approve_by_motion(request.user, minutes).enforce()
    motions = policy.visible_approving(request.user, minutes)
    form = MotionForm(request.POST or None, motions=motions)
    if form.is_valid():
        services.approve_by_motion(minutes, by=request.user, **form.cleaned_data)
        return redirect(minutes)
    return _form(request, minutes, form, "minutes/approve_by_motion.html")


@require_POST
def seal(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    minutes = _visible(request, consortium, pk)
    policy.may_seal(request.user, minutes).enforce()
    try:
        services.seal(minutes, by=request.user)
        messages.success(request, _("The minutes are sealed."))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect(minutes)


def pdf(request: Request, consortium: Consortium, pk: int) -> FileResponse:
    minutes = _visible(request, consortium, pk)
    if minutes.pdf is None:
        raise Http404
    return respond(minutes.pdf, inline=True)


def check(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Is a file that somebody holds the sealed one, bit for bit?"""
    minutes = _visible(request, consortium, pk)
    if minutes.pdf is None:
        raise Http404
    form = CheckForm(request.POST or None, request.FILES or None)
    more: dict[str, Any] = {}
    if form.is_valid():
        more["digest"] = hashlib.sha256(form.cleaned_data["file"].read()).hexdigest()
        more["genuine"] = more["digest"] == minutes.pdf.sha256
    return _form(request, minutes, form, "minutes/check.html", **more)


def _visible(request: Request, consortium: Consortium, pk: int) -> Minutes:
    rows = policy.visible_minutes(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def _form(
    request: Request, minutes: Minutes, form: Any, template: str, **more: Any
) -> HttpResponse:
    context = {"consortium": minutes.consortium, "minutes": minutes, "form": form, **more}
    return render(request, template, context | {"cancel": minutes.get_absolute_url()})
