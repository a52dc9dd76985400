"""Preparing a practical exam: stations, rubrics and examiners."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.examiners.policy import may_read
from silian.education.practicals import policy, readiness, services
from silian.education.practicals.forms import (
    PanelForm,
    PracticalForm,
    SourceForm,
    StationForm,
)
from silian.education.practicals.models import Practical, Station
from silian.education.practicals.tables import (
    CriterionTable,
    PlainCriterionTable,
    PracticalFilter,
    PracticalTable,
)
from silian.governance.consortia.models import Consortium
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

# --- exams ------------------------------------------------------------------------------


def practical_index(request: Request, consortium: Consortium) -> HttpResponse:
    rows = policy.visible_practicals(request.user).filter(consortium=consortium)
    rows = rows.annotate(entered=Count("entrants", distinct=True))
    listing = Listing(request, rows, PracticalTable, PracticalFilter, name="practicals")
    context = {
        "consortium": consortium,
        "may_hold": policy.may_hold(request.user, consortium),
        "may_read_register": may_read(request.user, consortium),
    }
    return listing.page("practicals/practical_index.html", context)


def practical_detail(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """How far the preparation is, and what comes next; for examiners their own stations."""
    practical = practical_of(request, consortium, pk)
    verbs = "manage prepare replan announce cancel".split()
    may = {f"may_{verb}": getattr(policy, f"may_{verb}")(request.user, practical) for verb in verbs}
    rows = policy.visible_stations(request.user).filter(practical=practical)
    context = {
        "object": practical,
        "consortium": consortium,
        "stations": rows.annotate(points=Sum("criteria__points")).prefetch_related(
            "panel__examiner__user"
        ),
        "missing": readiness.missing(practical) if may["may_prepare"] else [],
        "progress": readiness.progress(practical),
        **may,
    }
    return render(request, "practicals/practical_detail.html", context)


def practical_new(request: Request, consortium: Consortium) -> HttpResponse:
    policy.may_hold(request.user, consortium).enforce()
    return _practical_page(request, consortium, Practical(consortium=consortium))


def practical_edit(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    return _practical_page(request, consortium, prepared(request, consortium, pk))


def _practical_page(request: Request, consortium: Consortium, practical: Practical) -> HttpResponse:
    form = PracticalForm(request.POST or None, instance=practical, by=request.user)
    if request.method == "POST" and form.is_valid():
        saved = services.save_practical(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(saved)
    index = reverse("practicals:practical_index", args=[consortium])
    cancel = practical.get_absolute_url() if practical.pk else index
    context = {"form": form, "consortium": consortium, "cancel": cancel}
    return render(request, "practicals/practical_form.html", context)


VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any]]] = {
    "announce": (policy.may_announce, services.announce_practical),
    "cancel": (policy.may_cancel, services.cancel_practical),
}


@require_POST
def practical_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    practical = practical_of(request, consortium, pk)
    if verb not in VERBS:
        raise Http404
    may, service = VERBS[verb]
    may(request.user, practical).enforce()
    words = {}
    if verb == "cancel":
        reason = request.POST.get("reason", "").strip()[:300]
        if not reason:
            messages.error(request, _("Please give a reason."))
            return redirect(practical)
        words = {"reason": reason}
    service(practical, by=request.user, **words)
    return redirect(practical)


def stations_copy(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Stations and criteria of an earlier exam instead of those that are here."""
    practical = prepared(request, consortium, pk)
    form = SourceForm(request.POST or None, by=request.user, practical=practical)
    if request.method == "POST" and form.is_valid():
        count = services.copy_stations(practical, form.cleaned_data["source"], by=request.user)
        messages.success(request, _("%(count)s stations copied.") % {"count": count})
        return redirect(practical)
    return _form(request, "practicals/copy_form.html", form, practical)


# --- stations ---------------------------------------------------------------------------


def station_detail(request: Request, consortium: Consortium, pk: int, station: int) -> HttpResponse:
    """The task, the rubric and who judges."""
    found = station_of(request, consortium, pk, station)
    may_prepare = policy.may_prepare(request.user, found.practical)
    table = CriterionTable if may_prepare else PlainCriterionTable
    rows = found.criteria.select_related("station__practical__consortium")
    listing = Listing(request, rows, table, name=f"rubric-{found.order}", per_page=200)
    context = {
        "station": found,
        "practical": found.practical,
        "consortium": consortium,
        "total": found.criteria.aggregate(total=Sum("points"))["total"] or 0,
        "panel": found.panel.select_related("examiner__user", "examiner__organisation"),
        "may_prepare": may_prepare,
        "may_replan": policy.may_replan(request.user, found.practical),
    }
    return listing.page("practicals/station_detail.html", context)


def station_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    return _station_page(request, Station(practical=prepared(request, consortium, pk)))


def station_edit(request: Request, consortium: Consortium, pk: int, station: int) -> HttpResponse:
    return _station_page(request, prepared_station(request, consortium, pk, station))


def _station_page(request: Request, station: Station) -> HttpResponse:
    form = StationForm(request.POST or None, instance=station)
    if request.method == "POST" and form.is_valid():
        saved = services.save_station(form.save(commit=False), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(address_of(saved))
    return _form(request, "practicals/station_form.html", form, station.practical)


@require_POST
def station_remove(request: Request, consortium: Consortium, pk: int, station: int) -> HttpResponse:
    found = prepared_station(request, consortium, pk, station)
    services.remove_station(found, by=request.user)
    return redirect(found.practical)


def panel_edit(request: Request, consortium: Consortium, pk: int, station: int) -> HttpResponse:
    """Who judges here; until the exam is over somebody can be replaced."""
    found = station_of(request, consortium, pk, station)
    policy.may_replan(request.user, found.practical).enforce()
    form = PanelForm(request.POST or None, station=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.set_panel(found, data["examiners"], chief=data["chief"], by=request.user)
        except ValidationError as refused:
            form.add_error("examiners", refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(address_of(found))
    return _form(request, "practicals/panel_form.html", form, found.practical, station=found)


# --- finding ----------------------------------------------------------------------------


def _form(
    request: Request,
    template: str,
    form: Any,
    practical: Practical,
    *,
    station: Station | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "practical": practical,
        "station": station,
        "consortium": practical.consortium,
        "cancel": address_of(station) if station else practical.get_absolute_url(),
    }
    return render(request, template, context)


def address_of(station: Station) -> str:
    keys = [station.practical.consortium, station.practical_id, station.pk]
    return reverse("practicals:station_detail", args=keys)


def practical_of(request: Request, consortium: Consortium, pk: int) -> Practical:
    rows = policy.visible_practicals(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def prepared(request: Request, consortium: Consortium, pk: int) -> Practical:
    practical = practical_of(request, consortium, pk)
    policy.may_prepare(request.user, practical).enforce()
    return practical


def station_of(request: Request, consortium: Consortium, pk: int, station: int) -> Station:
    rows = policy.visible_stations(request.user).filter(
        practical=practical_of(request, consortium, pk)
    )
    return get_object_or_404(rows, pk=station)


def prepared_station(request: Request, consortium: Consortium, pk: int, station: int) -> Station:
    found = station_of(request, consortium, pk, station)
    policy.may_prepare(request.user, found.practical).enforce()
    return found
