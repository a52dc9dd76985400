"""Marks that the office gives, the panel and its experts' points."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.panels import policy, services
from silian.education.panels.forms import (
    ExemptionForm,
    GivenForm,
    OpinionForm,
    RulingForm,
    SeatForm,
)
from silian.education.panels.imports import Part
from silian.education.panels.marks import written
from silian.education.panels.models import Opinion, Ruling, Seat
from silian.education.panels.tables import MarkFilter, MarkTable
from silian.education.schemes.levels import PartKind
from silian.education.schemes.terms import part_names
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.education.skillappraisals.policy import (
    may_exempt,
    may_manage,
    visible_appraisals,
    visible_entries,
)
from silian.governance.consortia.models import Consortium
from silian.kernel import clock
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing

# --- marks of the office ----------------------------------------------------------------


def part(request: Request, consortium: Consortium, pk: int, part: str) -> HttpResponse:
    """Everybody who takes the part, with what the office gave."""
    appraisal = appraisal_of(request, consortium, pk)
    may_manage(request.user, appraisal).enforce()
    _part_or_404(appraisal, part)
    given = Prefetch("given", queryset=policy.given_for(appraisal, part), to_attr="marks")
    rows = policy.taking(appraisal, part).prefetch_related(given)
    context = {
        "consortium": consortium,
        "appraisal": appraisal,
        "part": part,
        "label": PartKind(part).label,
        "scope": Part(appraisal, part).text,
        "by_office": part in policy.office_parts(appraisal),
        "seen": urlencode({"seen": clock.now().isoformat()}),
        "may_give": policy.may_give(request.user, appraisal),
        "may_check": policy.may_check(request.user, appraisal, part),
    }
    return Listing(request, rows, MarkTable, MarkFilter, name=f"marks-{part}").page(
        "panels/part.html", context
    )


def given(request: Request, consortium: Consortium, pk: int, part: str, entry: int) -> HttpResponse:
    appraisal = appraisal_of(request, consortium, pk)
    policy.may_give(request.user, appraisal).enforce()
    _part_or_404(appraisal, part)
    found = get_object_or_404(policy.taking(appraisal, part), pk=entry)
    policy.may_give_to(request.user, found).enforce()
    mark = policy.given_for(appraisal, part).filter(entry=found).first()
    form = GivenForm(appraisal, part, request.POST or None, initial={"mark": written(mark)})
    index = reverse("panels:part", args=[consortium, pk, part])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        marks = [(found, form.cleaned_data["mark"])]
        services.give(appraisal, part, marks, reason=reason, by=request.user)
        messages.success(request, _("Saved. A second person checks it."))
        return redirect(index)
    context = {"form": form, "entry": found, "consortium": consortium, "cancel": index}
    return render(request, "panels/given_form.html", context | {"label": PartKind(part).label})


@require_POST
def part_check(request: Request, consortium: Consortium, pk: int, part: str) -> HttpResponse:
    appraisal = appraisal_of(request, consortium, pk)
    _part_or_404(appraisal, part)
    policy.may_check(request.user, appraisal, part).enforce()
    seen = parse_datetime(request.GET.get("seen", ""))
    if seen is None:
        raise Http404
    count = services.check(appraisal, part, seen=seen, by=request.user)
    messages.success(request, _("%(count)s marks checked.") % {"count": count})
    if policy.to_check(request.user, appraisal, part).exists():
        messages.warning(request, _("Others were given meanwhile: compare those, too."))
    return redirect("panels:part", consortium, pk, part)


def _part_or_404(appraisal: Appraisal, name: str) -> None:
    if name not in part_names(appraisal.terms):
        raise Http404


# --- the panel --------------------------------------------------------------------------


def panel(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Who sits on it, for the office."""
    appraisal = appraisal_of(request, consortium, pk)
    may_manage(request.user, appraisal).enforce()
    entries = policy.taking(appraisal, PartKind.REVIEW).select_related("review")
    context = {
        "consortium": consortium,
        "object": appraisal,
        "seats": policy.panel_of(appraisal),
        "total": entries.count(),
        "settled": entries.filter(review__isnull=False).count(),
        "disputed": policy.disputed(appraisal),
        "may_seat": policy.may_seat(request.user, appraisal),
    }
    return render(request, "panels/panel.html", context)


def seat_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    appraisal = appraisal_of(request, consortium, pk)
    policy.may_seat(request.user, appraisal).enforce()
    form = SeatForm(request.POST or None, instance=Seat(appraisal=appraisal))
    index = reverse("panels:panel", args=[consortium, pk])
    if request.method == "POST" and form.is_valid():
        services.appoint(form.save(commit=False), by=request.user)
        return redirect(index)
    context = {"form": form, "object": appraisal, "consortium": consortium, "cancel": index}
    return render(request, "panels/seat_form.html", context)


@require_POST
def seat_remove(request: Request, consortium: Consortium, pk: int, seat: int) -> HttpResponse:
    appraisal = appraisal_of(request, consortium, pk)
    policy.may_seat(request.user, appraisal).enforce()
    found = get_object_or_404(policy.panel_of(appraisal), pk=seat)
    services.dismiss(found, by=request.user)
    return redirect("panels:panel", consortium, pk)


def review_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """An expert's candidates, by number, with what they gave."""
    seat = _seat(request, consortium, pk)
    own = policy.own_opinions(seat)
    entries = policy.to_review(seat).select_related("review").order_by("number")
    disputed = {one.entry_id for one in policy.disputed(seat.appraisal)} if seat.chief else set()
    rows = [(entry, own.get(entry.pk), entry.pk in disputed) for entry in entries]
    context = {
        "consortium": consortium,
        "appraisal": seat.appraisal,
        "seat": seat,
        "rows": rows,
        "given": sum(bool(opinion) for _entry, opinion, _disputed in rows),
        "may_review": policy.may_review(request.user, seat.appraisal),
    }
    return render(request, "panels/review_index.html", context)


def review(request: Request, consortium: Consortium, pk: int, entry: int) -> HttpResponse:
    """One candidate: one's own points; when all have given, everybody's, and the chief's word."""
    seat = _seat(request, consortium, pk)
    found = get_object_or_404(policy.to_review(seat), pk=entry)
    settled = policy.reviewed(found)
    may_opine, may_rule = (may(request.user, found) for may in (policy.may_opine, policy.may_rule))
    form = _form(request, seat, found, bool(settled))
    if request.method == "POST":
        (may_rule if settled else may_opine).enforce()
        if form.is_valid() and _saved(request, form, found, bool(settled)):
            return redirect("panels:review_index", consortium, pk)
    context = {
        "consortium": consortium,
        "appraisal": seat.appraisal,
        "entry": found,
        "form": form,
        "review": settled,
        "opinions": policy.opinions_on(found) if settled else [],
        "may": may_rule if settled else may_opine,
        "cancel": seat.get_absolute_url(),
    }
    return render(request, "panels/review.html", context)


def _form(request: Request, seat: Seat, entry: Entry, settled: bool) -> "OpinionForm | RulingForm":
    data = request.POST or None
    if settled:
        return RulingForm(data, instance=Ruling())
    own = policy.own_opinions(seat).get(entry.pk)
    return OpinionForm(data, instance=own or Opinion())


def _saved(request: Request, form: "OpinionForm | RulingForm", entry: Entry, settled: bool) -> bool:
    facts = {name: form.cleaned_data[name] for name in form.fields}
    try:
        (services.rule if settled else services.opine)(entry, by=request.user, **facts)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True


def _seat(request: Request, consortium: Consortium, pk: int) -> Seat:
    seat = policy.seat_of(request.user, appraisal_of(request, consortium, pk))
    if seat is None:
        raise Http404
    return seat


# --- exemptions ---------------------------------------------------------------------------


def exemption_new(request: Request, consortium: Consortium, pk: int, entry: int) -> HttpResponse:
    found = entry_of(request, consortium, pk, entry)
    may_exempt(request.user, found).enforce()
    form = ExemptionForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.exempt(form.save(commit=False), by=request.user)
        return redirect(found)
    context = {
        "form": form,
        "object": found,
        "consortium": consortium,
        "cancel": found.get_absolute_url(),
    }
    return render(request, "panels/exemption_form.html", context)


@require_POST
def exemption_remove(
    request: Request, consortium: Consortium, pk: int, entry: int, part: str
) -> HttpResponse:
    found = entry_of(request, consortium, pk, entry)
    may_exempt(request.user, found).enforce()
    exemption = get_object_or_404(found.exemptions, part=part)
    services.take_exemption_back(exemption, by=request.user)
    return redirect(found)


def entry_of(request: Request, consortium: Consortium, pk: int, entry: int) -> Entry:
    rows = visible_entries(request.user).filter(appraisal__consortium=consortium)
    return get_object_or_404(rows, pk=entry, appraisal=pk)


def appraisal_of(request: Request, consortium: Consortium, pk: int) -> Appraisal:
    rows = visible_appraisals(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)
