"""A body's years: plan, result, appraisal; and its renewals."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.appraisals import policy, services
from silian.governance.appraisals.forms import (
    AppraiseForm,
    EvidenceForm,
    MarkForm,
    PlanForm,
    RenewalForm,
    ResultForm,
    plan_items,
    results,
)
from silian.governance.appraisals.models import Renewal, Year
from silian.governance.appraisals.tables import BodyYearsTable, YearFilter, YearTable
from silian.governance.bodies.models import Body
from silian.governance.consortia.models import Consortium
from silian.kernel import clock
from silian.kernel.files.services import respond
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict


@login_not_required
def appraisal_index(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """All bodies of a consortium, year by year."""
    rows = policy.visible_years(request.user).filter(body__consortium=consortium)
    listing = Listing(request, rows, YearTable, YearFilter, name="appraisals")
    return listing.page("appraisals/appraisal_index.html", {"consortium": consortium})


@login_not_required
def year_index(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """The years and terms of one body, and what is to be done next."""
    body, user = _body(request, consortium, pk), request.user
    rows = policy.visible_years(user).filter(body=body)
    this = clock.today().year
    known = {year.year: year for year in rows}
    context = {
        "consortium": consortium,
        "body": body,
        "plannable": [y for y in (this, this + 1) if policy.may_plan(user, body, y)],
        "this": this,
        "current": known.get(this),
        "may_manage": policy.may_manage(user, body),
        "may_ask_renewal": policy.may_ask_renewal(user, body),
        "should_end": policy.may_see_reviews(user, body) and policy.should_end(body),
        "renewals": [
            (one, policy.may_decide(user, one), policy.may_withdraw(user, one))
            for one in policy.visible_renewals(user, body)
        ],
    }
    listing = Listing(request, rows, BodyYearsTable, name=f"years-{pk}")
    return listing.page("appraisals/year_index.html", context)


def _body(request: PublicRequest, consortium: Consortium, pk: int) -> Body:
    return get_object_or_404(policy.visible_bodies(request.user), pk=pk, consortium=consortium)


def _year(request: PublicRequest, consortium: Consortium, pk: int, year: int) -> Year:
    rows = policy.visible_years(request.user)
    return get_object_or_404(rows, body=pk, body__consortium=consortium, year=year)


@login_not_required
def year_detail(request: PublicRequest, consortium: Consortium, pk: int, year: int) -> HttpResponse:
    return _page(request, _year(request, consortium, pk, year))


def _page(request: PublicRequest, year: Year, **unsent: BaseForm) -> HttpResponse:
    """The page of one year; ``unsent`` is a form that came with a mistake."""
    user, body = request.user, year.body
    inside = policy.may_see_dealings(user, body)
    mine = year.marks.filter(reviewer=user.pk).first()
    context: dict[str, Any] = {
        "object": year,
        "year": year,
        "body": body,
        "consortium": body.consortium,
        "items": year.items.all(),
        "inside": inside,
        "shows_result": inside or year.state == Year.State.APPRAISED,
        "evidence": policy.visible_evidence(user, year),
        "marks": year.marks.select_related("reviewer"),
        "may_plan": policy.may_plan(user, body, year.year),
        "evidence_form": EvidenceForm(),
        "mark_form": MarkForm(instance=mine),
        "appraise_form": AppraiseForm(year),
    }
    verdicts = "report send_back mark see_marks appraise reopen".split()
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(user, year) for v in verdicts}
    return render(request, "appraisals/year_detail.html", context | unsent)


# --- what the body states ---------------------------------------------------------------


def plan(request: Request, consortium: Consortium, pk: int, year: int) -> HttpResponse:
    """The plan of a year, begun with the first save."""
    body = _body(request, consortium, pk)
    policy.may_plan(request.user, body, year).enforce()
    known = policy.visible_years(request.user).filter(body=body, year=year).first()
    found = known or Year(body=body, year=year)
    filing = "file" in request.POST
    form = PlanForm(request.POST or None, instance=found, complete=filing)
    items = plan_items(found, request.POST or None, complete=filing)
    if request.POST and all([form.is_valid(), items.is_valid()]):
        services.save_plan(form.save(commit=False), items=items, by=request.user)
        if filing:
            services.file_plan(found, by=request.user)
        messages.success(request, _("The plan is filed.") if filing else _("Saved."))
        return redirect(found)
    return _rows_page(request, found, form, items, "appraisals/plan.html")


def result(request: Request, consortium: Consortium, pk: int, year: int) -> HttpResponse:
    """What came of the plan, item by item."""
    found = _year(request, consortium, pk, year)
    policy.may_report(request.user, found).enforce()
    filing = "file" in request.POST
    form = ResultForm(request.POST or None, instance=found, complete=filing)
    items = results(found, request.POST or None, complete=filing)
    if request.POST and all([form.is_valid(), items.is_valid()]):
        services.save_result(form.save(commit=False), items=items, by=request.user)
        if filing:
            services.file_result(found, by=request.user)
        messages.success(request, _("The result is filed.") if filing else _("Saved."))
        return redirect(found)
    return _rows_page(request, found, form, items, "appraisals/result.html")


def _rows_page(
    request: Request, year: Year, form: BaseForm, items: Any, template: str
) -> HttpResponse:
    body = year.body
    cancel = reverse("appraisals:year_index", args=[body.consortium, body.pk])
    context = {"consortium": body.consortium, "body": body, "year": year}
    return render(request, template, context | {"form": form, "rows": items, "cancel": cancel})


@require_POST
def evidence_add(request: Request, consortium: Consortium, pk: int, year: int) -> HttpResponse:
    found = _year(request, consortium, pk, year)
    policy.may_report(request.user, found).enforce()
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, evidence_form=form)
    services.add_evidence(found, by=request.user, **form.cleaned_data)
    messages.success(request, _("The file is kept."))
    return redirect(found)


def evidence_file(
    request: Request, consortium: Consortium, pk: int, year: int, key: int
) -> HttpResponseBase:
    found = _year(request, consortium, pk, year)
    evidence = get_object_or_404(policy.visible_evidence(request.user, found), pk=key)
    return respond(evidence.file, inline=True)


@require_POST
def evidence_remove(
    request: Request, consortium: Consortium, pk: int, year: int, key: int
) -> HttpResponse:
    found = _year(request, consortium, pk, year)
    evidence = get_object_or_404(policy.visible_evidence(request.user, found), pk=key)
    policy.may_report(request.user, found).enforce()
    services.remove_evidence(evidence, by=request.user)
    return redirect(found)


# --- what reviewers and the secretariat do ----------------------------------------------


@require_POST
def mark(request: Request, consortium: Consortium, pk: int, year: int) -> HttpResponse:
    found = _year(request, consortium, pk, year)
    policy.may_mark(request.user, found).enforce()
    form = MarkForm(request.POST)
    if not form.is_valid():
        return _page(request, found, mark_form=form)
    services.mark(found, by=request.user, **form.cleaned_data)
    messages.success(request, _("The score is kept."))
    return redirect(found)


@require_POST
def appraise(request: Request, consortium: Consortium, pk: int, year: int) -> HttpResponse:
    found = _year(request, consortium, pk, year)
    policy.may_appraise(request.user, found).enforce()
    form = AppraiseForm(found, request.POST)
    if not form.is_valid():
        return _page(request, found, appraise_form=form)
    services.appraise(found, by=request.user, **form.cleaned_data)
    messages.success(request, _("The appraisal is published."))
    return redirect(found)


# What needs nothing but a reason: who may, and what is done.
Act = tuple[Callable[..., Verdict], Callable[..., None]]
OF_YEAR: dict[str, Act] = {
    "send-back": (policy.may_send_back, services.send_back),
    "reopen": (policy.may_reopen, services.reopen),
}
OF_RENEWAL: dict[str, Act] = {
    "grant": (policy.may_decide, services.grant),
    "decline": (policy.may_decide, services.decline),
    "withdraw": (policy.may_withdraw, services.withdraw),
}


@require_POST
def year_act(
    request: Request, consortium: Consortium, pk: int, year: int, verb: str
) -> HttpResponse:
    found = _year(request, consortium, pk, year)
    _do(request, found, OF_YEAR.get(verb))
    return redirect(found)


@require_POST
def renewal_act(
    request: Request, consortium: Consortium, pk: int, key: int, verb: str
) -> HttpResponse:
    body = _body(request, consortium, pk)
    renewal = get_object_or_404(policy.visible_renewals(request.user, body), pk=key)
    _do(request, renewal, OF_RENEWAL.get(verb))
    return redirect("appraisals:year_index", consortium, pk)


def _do(request: Request, thing: Year | Renewal, act: Act | None) -> None:
    if act is None:
        raise Http404
    may, service = act
    may(request.user, thing).enforce()
    why = request.POST.get("reason", "").strip()
    if service not in (services.grant, services.withdraw) and not why:
        messages.error(request, _("Please give a reason; the other side reads it."))
        return
    service(thing, by=request.user, why=why)


def renewal_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    body = _body(request, consortium, pk)
    policy.may_ask_renewal(request.user, body).enforce()
    form = RenewalForm(request.POST or None, instance=Renewal(body=body))
    cancel = reverse("appraisals:year_index", args=[consortium, pk])
    if form.is_valid():
        services.ask_renewal(form.save(commit=False), by=request.user)
        messages.success(request, _("The secretariat is asked for a new term."))
        return redirect(cancel)
    context = {"consortium": consortium, "body": body, "form": form, "cancel": cancel}
    return render(request, "appraisals/renewal.html", context)
