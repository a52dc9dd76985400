"""The promises of a cohort, and the settlements of its quarters."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from silian.governance.consortia.models import Consortium
from silian.kernel.documents.services import download, pdf_of
from silian.kernel.http import Request
from silian.kernel.ui.exports import exported
from silian.kernel.ui.listing import Listing
from silian.talent.cohorts.models import Cohort
from silian.talent.cohorts.policy import own_cohorts
from silian.talent.mentoring.statements import grid
from silian.talent.selections.policy import side_of
from silian.talent.settlements import policy, services
from silian.talent.settlements.forms import (
    PromiseForm,
    ReasonForm,
    correction_forms,
    corrections_in,
)
from silian.talent.settlements.models import Promise, Settlement
from silian.talent.settlements.tables import LineTable, SettlementFilter, SettlementTable


def settlement_index(request: Request, consortium: Consortium) -> HttpResponse:
    """Every settlement of a consortium that concerns the reader."""
    rows = policy.settlements_in(request.user, consortium)
    listing = Listing(request, rows, SettlementTable, SettlementFilter, name="settlements")
    return listing.page("settlements/settlement_index.html", {"consortium": consortium})


def promise_index(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    rows = policy.visible_promises(request.user).filter(cohort=cohort)
    context = {
        "cohort": cohort,
        "consortium": consortium,
        "promises": [(one, policy.may_change(request.user, one)) for one in rows],
        "settlements": policy.visible_settlements(request.user).filter(cohort=cohort),
        "quarters": policy.quarters_to_settle(cohort),
        "may_promise": policy.may_promise(request.user, cohort),
        "may_make": policy.may_make(request.user, cohort),
    }
    return render(request, "settlements/promise_index.html", context)


def promise_new(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    policy.may_promise(request.user, cohort).enforce()
    return _promise_page(request, cohort, Promise(cohort=cohort))


def promise_edit(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    promise = get_object_or_404(policy.visible_promises(request.user), pk=key, cohort=cohort)
    policy.may_change(request.user, promise).enforce()
    return _promise_page(request, cohort, promise)


@require_POST
def promise_remove(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    promise = get_object_or_404(policy.visible_promises(request.user), pk=key, cohort=cohort)
    policy.may_change(request.user, promise).enforce()
    services.remove_promise(promise, by=request.user)
    return redirect("settlements:promise_index", consortium, pk)


@require_POST
def settlement_make(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    cohort = _cohort(request, consortium, pk)
    policy.may_make(request.user, cohort).enforce()
    wanted = request.POST.get("quarter", "")
    quarters = {f"{q.year}-{q.number}": q for q in policy.quarters_to_settle(cohort)}
    if wanted not in quarters:
        messages.error(request, _("Choose a quarter that is over."))
        return redirect("settlements:promise_index", consortium, pk)
    try:
        return redirect(services.make_settlement(cohort, quarters[wanted], by=request.user))
    except ValidationError as wrong:  # somebody else was faster
        messages.error(request, " ".join(wrong.messages))
        return redirect("settlements:promise_index", consortium, pk)


def settlement_detail(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    settlement = _settlement(request, consortium, pk, key)
    lines = settlement.lines.select_related("promise__giver")
    table = LineTable(lines)
    name = f"settlement-{settlement.year}-{settlement.quarter}-{settlement.version}"
    if file := exported(table, request.GET.get("export", ""), name):
        return file
    cohort = settlement.cohort
    versions = policy.visible_settlements(request.user).filter(
        cohort=cohort, year=settlement.year, quarter=settlement.quarter
    )
    context = {
        "object": settlement,
        "settlement": settlement,
        "cohort": cohort,
        "consortium": consortium,
        "lines": lines,
        "answers": settlement.answers.select_related("by"),
        "versions": versions.exclude(pk=settlement.pk),
        "may_answer": policy.may_answer(request.user, settlement),
        "may_correct": policy.may_correct(request.user, settlement),
    }
    return render(request, "settlements/settlement_detail.html", context)


@require_POST
def settlement_answer(
    request: Request, consortium: Consortium, pk: int, key: int, said: str
) -> HttpResponse:
    settlement = _settlement(request, consortium, pk, key)
    policy.may_answer(request.user, settlement).enforce()
    if said not in ("confirm", "object"):
        raise Http404
    reason = request.POST.get("reason", "").strip()[:300]
    if said == "object" and not reason:
        messages.error(request, _("Please give a reason; the other side reads it."))
        return redirect(settlement)
    try:
        services.answer(
            settlement,
            side=side_of(request.user, settlement.cohort),
            accepted=said == "confirm",
            reason=reason if said == "object" else "",
            by=request.user,
        )
    except ValidationError as wrong:  # a colleague was faster
        messages.error(request, " ".join(wrong.messages))
    return redirect(settlement)


def settlement_correct(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    """Count anew, with what both sides know better."""
    settlement = _settlement(request, consortium, pk, key)
    policy.may_correct(request.user, settlement).enforce()
    lines = settlement.lines.select_related("promise__giver")
    forms = correction_forms(lines, request.POST or None)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and all([form.is_valid(), *(one.is_valid() for one in forms)]):
        reason = form.cleaned_data["reason"]
        new = services.correct(settlement, corrections_in(forms), reason=reason, by=request.user)
        return redirect(new)
    context = {
        "form": form,
        "forms": forms,
        "settlement": settlement,
        "consortium": consortium,
        "cancel": settlement.get_absolute_url(),
    }
    return render(request, "settlements/correct.html", context)


@require_GET
def settlement_pdf(request: Request, consortium: Consortium, pk: int, key: int) -> HttpResponse:
    settlement = _settlement(request, consortium, pk, key)
    title = _("Settlement of promise against actual")
    cohort = settlement.cohort
    facts = [
        (_("Cohort"), cohort.title),
        (_("School"), cohort.school.name),
        (_("Enterprise"), cohort.enterprise.name),
        (_("Time"), str(settlement.time)),
        (_("Version"), str(settlement.version)),
        (_("State"), settlement.get_state_display()),
    ]
    language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    content = pdf_of(_written(settlement), title=title, language=language, facts=facts)
    name = f"{title} {settlement.year}-{settlement.quarter}-{settlement.version}.pdf"
    return download(content, name)


def _written(settlement: Settlement) -> str:
    """The settlement as Markdown: its lines, then who said what."""
    heads = [_("What"), _("Promised by"), _("Promised"), _("Actual"), _("Difference")]
    rows: list[list[Any]] = [
        [
            line.promise.get_measure_display(),
            line.promise.giver.name,
            *(line.shown[name] for name in ("promised", "actual", "difference")),
        ]
        for line in settlement.lines.select_related("promise__giver")
    ]
    said: list[list[Any]] = [
        [
            answer.get_side_display(),
            _("confirmed") if answer.accepted else _("objected"),
            answer.by.name,
            answer.reason,
        ]
        for answer in settlement.answers.select_related("by")
    ]
    parts = [grid(heads, rows)]
    if said:
        parts += [f"## {_('Answers')}", grid([_("Side"), _("Answer"), _("By"), _("Reason")], said)]
    return "\n\n".join(parts)


def _cohort(request: Request, consortium: Consortium, pk: int) -> Cohort:
    """Promises concern both sides and the secretariat; for others there is no such page."""
    return get_object_or_404(own_cohorts(request.user), pk=pk, consortium=consortium)


def _settlement(request: Request, consortium: Consortium, pk: int, key: int) -> Settlement:
    rows = policy.visible_settlements(request.user)
    return get_object_or_404(rows, pk=key, cohort=pk, cohort__consortium=consortium)


def _promise_page(request: Request, cohort: Cohort, promise: Promise) -> HttpResponse:
    givers = policy.givers_for(request.user, cohort)
    pledges = policy.pledges_for(cohort)
    form = PromiseForm(givers, pledges, request.POST or None, instance=promise)
    index = reverse("settlements:promise_index", args=[cohort.consortium, cohort.pk])
    if request.method == "POST" and form.is_valid():
        services.save_promise(form.save(commit=False), by=request.user)
        return redirect(index)
    context = {"form": form, "cohort": cohort, "consortium": cohort.consortium, "cancel": index}
    return render(request, "settlements/promise_form.html", context | {"promise": promise})
