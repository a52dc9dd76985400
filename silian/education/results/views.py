"""The desk on which results are drafted, published and corrected; who reads them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.education.marking.scores import theory_breakdown
from silian.education.panels.policy import office_parts
from silian.education.results import papers, policy, services
from silian.education.results.computing import as_taken, computed
from silian.education.results.lines import Line, said
from silian.education.results.links import links_for
from silian.education.results.tables import LineTable, without
from silian.education.schemes.levels import PartKind
from silian.education.schemes.terms import part_names
from silian.education.skillappraisals.models import Appraisal
from silian.education.skillappraisals.policy import (
    entry_of,
    may_manage,
    readable,
    visible_appraisals,
)
from silian.governance.consortia.models import Consortium
from silian.kernel.documents.services import download
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing
from silian.kernel.verdicts import Verdict

SHOWN = 100  # of a list on one page

# --- the desk ---------------------------------------------------------------------------


def desk(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """What marks come to, what is missing, and what to do next."""
    appraisal = held(request, consortium, pk)
    lines = lines_of(appraisal)
    wanted = request.GET.get("result", "")
    chosen = [
        one for one in lines if wanted in ("", one.result) or (wanted == "differs" and one.differs)
    ]
    verbs = "draft reopen publish correct finish".split()
    parts = part_names(appraisal.terms)
    counts = {
        name: sum(one.result == name for one in lines)
        for name in ("passed", "failed", "incomplete")
    }
    context = {
        "consortium": consortium,
        "object": appraisal,
        "counts": counts,
        "differing": [one for one in lines if one.differs],
        "appeals": policy.visible_appeals(request.user).filter(outcome__entry__appraisal=appraisal),
        "office_parts": [(name, PartKind(name).label) for name in office_parts(appraisal)],
        "other_parts": [
            (name, PartKind(name).label)
            for name in parts
            if name not in office_parts(appraisal) and name != PartKind.REVIEW
        ],
        "has_review": PartKind.REVIEW in parts,
        **{f"may_{v}": getattr(policy, f"may_{v}")(request.user, appraisal) for v in verbs},
    }
    listing = Listing(request, chosen, LineTable, name=f"results-{appraisal.number}")
    without(listing, parts)
    return listing.page("results/desk.html", context)


def lines_of(appraisal: Appraisal) -> list[Line]:
    entries = list(policy.appraised(appraisal))
    now, published = computed(appraisal, entries), policy.latest(appraisal)
    return [
        Line(
            entry,
            str(found.result),
            str(found.grade),
            {one.part: one for one in found.parts},
            entry.pk in published and policy.differs(published[entry.pk], found),
        )
        for entry in entries
        for found in [now[entry.pk]]
    ]


VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any]]] = {
    "draft": (policy.may_draft, services.draft),
    "reopen": (policy.may_reopen, services.reopen),
    "publish": (policy.may_publish, services.publish),
    "finish": (policy.may_finish, services.finish),
    "earlier": (policy.may_draft, services.grant_earlier),
}


@require_POST
def desk_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    appraisal = held(request, consortium, pk)
    may, service = VERBS.get(verb, (None, None))
    if may is None or service is None:
        raise Http404
    may(request.user, appraisal).enforce()
    done = service(appraisal, by=request.user)
    if verb == "earlier":
        messages.success(request, _("%(count)s earlier passes taken over.") % {"count": done})
    return redirect("results:desk", consortium, pk)


@require_POST
def correct(request: Request, consortium: Consortium, pk: int, entry: int) -> HttpResponse:
    appraisal = held(request, consortium, pk)
    policy.may_correct(request.user, appraisal).enforce()
    found = get_object_or_404(policy.appraised(appraisal), pk=entry)
    if reason := request.POST.get("reason", "").strip()[:300]:
        try:
            services.correct(found, reason=reason, by=request.user)
        except ValidationError as refused:
            messages.error(request, refused.message)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect("results:desk", consortium, pk)


def paper(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    appraisal = held(request, consortium, pk)
    return download(papers.list_of(appraisal, lines_of(appraisal)), f"{appraisal.number}.pdf")


# --- who reads --------------------------------------------------------------------------


def publicity(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Who has passed, by masked number."""
    appraisal = get_object_or_404(readable(request.user), pk=pk, consortium=consortium)
    outcomes = policy.latest(appraisal)
    mine = entry_of(request.user, appraisal)
    rows = [
        (
            entry.masked,
            outcomes[entry.pk].get_grade_display() if outcomes[entry.pk].grade else "",
            entry == mine,
        )
        for entry in policy.appraised(appraisal).order_by("number")
        if entry.pk in outcomes and outcomes[entry.pk].passed
    ]
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {"consortium": consortium, "object": appraisal, "page": page}
    return render(request, "results/publicity.html", context)


def ours(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """A firm's own people."""
    appraisal = get_object_or_404(
        visible_appraisals(request.user), pk=pk, consortium=consortium, state__in=Appraisal.TOLD
    )
    entries = policy.firm_entries(request.user, appraisal)
    if not entries.exists():
        raise Http404
    outcomes = policy.latest(appraisal)
    lines = [
        Line(
            entry,
            outcomes[entry.pk].result,
            outcomes[entry.pk].grade,
            {one.part: one for one in as_taken(outcomes[entry.pk].parts)},
        )
        for entry in entries
        if entry.pk in outcomes
    ]
    context = {
        "consortium": consortium,
        "object": appraisal,
        "appeals": policy.visible_appeals(request.user).filter(outcome__entry__in=entries),
        "appealing": [
            (outcomes[entry.pk], entry)
            for entry in entries
            if entry.person.user_id is None and entry.pk in outcomes
        ]
        if policy.may_still_appeal(appraisal)
        else [],
    }
    listing = Listing(request, lines, LineTable, name=f"our-results-{appraisal.number}")
    without(listing, part_names(appraisal.terms))
    return listing.page("results/ours.html", context)


def own_results(request: Request) -> HttpResponse:
    """One's own results, the newest first, and what is still to come."""
    outcomes = list(policy.own_outcomes(request.user))
    links = links_for(request.user, [one.entry for one in outcomes])
    cards = [
        {
            "outcome": one,
            "appraisal": one.entry.appraisal,
            "parts": [(PartKind(t.part).label, said(t)) for t in as_taken(one.parts)],
            "failed": [
                PartKind(t.part).label
                for t in as_taken(one.parts)
                if t.came in ("failed", "absent")
            ],
            "may_appeal": policy.may_appeal(request.user, one),
            "appeals": policy.appeals_of(one),
            "links": links.get(one.entry_id, []),
            "points": policy.shows_points(one),
        }
        for one in outcomes
    ]
    context = {"cards": cards, "waiting": policy.own_waiting(request.user)}
    return render(request, "results/own_results.html", context)


def breakdown(request: Request, pk: int) -> HttpResponse:
    """One's points question by question, where the office shows them."""
    outcome = get_object_or_404(policy.own_outcomes(request.user), pk=pk)
    exam = outcome.entry.appraisal.exam
    lines = theory_breakdown(exam, outcome.entry.person) if exam else None
    if lines is None:
        raise Http404
    context = {"outcome": outcome, "appraisal": outcome.entry.appraisal, "lines": lines}
    return render(request, "results/breakdown.html", context)


# --- finding ----------------------------------------------------------------------------


def held(request: Request, consortium: Consortium, pk: int) -> Appraisal:
    rows = visible_appraisals(request.user).exclude(terms={})
    appraisal = get_object_or_404(rows, pk=pk, consortium=consortium)
    may_manage(request.user, appraisal).enforce()
    return appraisal
