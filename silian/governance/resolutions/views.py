"""The register of resolutions, one resolution, and its way until it is done."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.resolutions import policy, services
from silian.governance.resolutions.forms import (
    ChargeForm,
    NumberingForm,
    ReportForm,
    ResolutionForm,
)
from silian.governance.resolutions.models import Resolution
from silian.governance.resolutions.tables import ResolutionFilter, ResolutionTable
from silian.kernel.files.services import respond
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing

VERBS = "edit report report_done confirm return drop read_files".split()


def resolution_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_resolutions(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_enter": policy.may_enter(request.user, consortium),
        "sources": policy.visible_sources(request.user, consortium).count(),
    }
    listing = Listing(request, rows, ResolutionTable, ResolutionFilter, name="resolutions")
    return listing.page("resolutions/resolution_index.html", context)


def source_index(request: Request, consortium: Consortium) -> HttpResponse:
    """What a resolution can be entered from: carried motions, and meetings without one."""
    policy.may_enter(request.user, consortium).enforce()
    context = {
        "consortium": consortium,
        "motions": policy.visible_sources(request.user, consortium),
        "meetings": policy.visible_meetings_held(request.user, consortium)[:20],
    }
    return render(request, "resolutions/source_index.html", context)


def resolution_new(request: Request, consortium: Consortium) -> HttpResponse:
    """Enter one from ``?motion=``, or what ``?meeting=`` has decided without a motion."""
    policy.may_enter(request.user, consortium).enforce()
    source = _source(request, consortium)
    form = ResolutionForm(
        request.POST or None,
        initial=source,
        owners=policy.visible_owners(request.user, consortium),
    )
    if form.is_valid():
        facts = {"motion": source.get("motion"), "meeting": source["meeting"]}
        entered = services.enter_resolution(
            consortium, by=request.user, **facts, **form.cleaned_data
        )
        messages.success(request, _("Entered as %(number)s.") % {"number": entered.number})
        return redirect(entered)
    cancel = reverse("resolutions:source_index", args=[consortium])
    context = {"consortium": consortium, "form": form, "cancel": cancel, "source": source}
    return render(request, "resolutions/resolution_new.html", context)


def _source(request: Request, consortium: Consortium) -> dict[str, Any]:
    """What was decided where; 404 where the address names neither a motion nor a meeting."""
    if key := request.GET.get("motion"):
        motions = policy.visible_sources(request.user, consortium)
        motion = get_object_or_404(motions, pk=_key(key))
        return services.facts_of(motion) | {"motion": motion}
    meetings = policy.visible_meetings_held(request.user, consortium)
    meeting = get_object_or_404(meetings, pk=_key(request.GET.get("meeting", "")))
    return {"meeting": meeting, "decided_on": timezone.localtime(meeting.starts_at).date()}


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def resolution_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    resolution = _visible(request, consortium, pk)
    context: dict[str, Any] = {
        "object": resolution,
        "resolution": resolution,
        "consortium": consortium,
        "reports": policy.visible_reports(request.user, resolution),
        "may_enter": policy.may_enter(request.user, consortium),
    }
    for verb in VERBS:
        context[f"may_{verb}"] = getattr(policy, f"may_{verb}")(request.user, resolution)
    return render(request, "resolutions/resolution_detail.html", context)


def resolution_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Give it to another unit or another day."""
    resolution = _visible(request, consortium, pk)
    policy.may_edit(request.user, resolution).enforce()
    owners = policy.visible_owners(request.user, consortium)
    form = ChargeForm(request.POST or None, instance=resolution, owners=owners)
    if form.is_valid():
        changed = form.save(commit=False)
        services.change_resolution(changed, by=request.user, why=form.cleaned_data["why"])
        messages.success(request, _("Saved."))
        return redirect(resolution)
    return _form(request, resolution, form, "resolutions/resolution_edit.html")


def resolution_report(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    resolution = _visible(request, consortium, pk)
    policy.may_report(request.user, resolution).enforce()
    may_report_done = bool(policy.may_report_done(request.user, resolution))
    form = ReportForm(request.POST or None, request.FILES or None, may_report_done=may_report_done)
    if form.is_valid():
        data = form.cleaned_data
        services.report(
            resolution,
            data["text"],
            by=request.user,
            files=data["proofs"],
            done=data.get("done", False),
        )
        return redirect(resolution)
    return _form(request, resolution, form, "resolutions/resolution_report.html")


@require_POST
def resolution_confirm(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    resolution = _visible(request, consortium, pk)
    policy.may_confirm(request.user, resolution).enforce()
    services.confirm(resolution, by=request.user)
    return redirect(resolution)


@require_POST
def resolution_return(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    resolution = _visible(request, consortium, pk)
    policy.may_return(request.user, resolution).enforce()
    return _with_reason(request, resolution, services.give_back)


@require_POST
def resolution_drop(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    resolution = _visible(request, consortium, pk)
    policy.may_drop(request.user, resolution).enforce()
    return _with_reason(request, resolution, services.drop)


def _with_reason(request: Request, resolution: Resolution, verb: Any) -> HttpResponse:
    if reason := request.POST.get("reason", "").strip()[:300]:
        verb(resolution, by=request.user, why=reason)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect(resolution)


def resolution_file(request: Request, consortium: Consortium, pk: int, file: int) -> FileResponse:
    resolution = _visible(request, consortium, pk)
    stored = get_object_or_404(policy.visible_files(request.user, resolution), pk=file)
    return respond(stored, inline=True)


def numbering(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_enter(request.user, consortium).enforce()
    rule = services.numbering_of(consortium)
    form = NumberingForm(request.POST or None, instance=rule)
    if form.is_valid():
        services.set_numbering(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect("resolutions:resolution_index", consortium)
    cancel = reverse("resolutions:resolution_index", args=[consortium])
    context = {"consortium": consortium, "form": form, "cancel": cancel}
    return render(request, "resolutions/numbering.html", context)


def _visible(request: Request, consortium: Consortium, pk: int) -> Resolution:
    rows = policy.visible_resolutions(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def _form(request: Request, resolution: Resolution, form: Any, template: str) -> HttpResponse:
    context = {"consortium": resolution.consortium, "resolution": resolution, "form": form}
    return render(request, template, context | {"cancel": resolution.get_absolute_url()})
