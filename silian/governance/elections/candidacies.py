"""Candidates: nominated, agreed to, reviewed, and what they say to the electors."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from silian.governance.consortia.models import Consortium
from silian.governance.council.standing import warnings
from silian.governance.elections import policy, services
from silian.governance.elections.forms import CandidateForm, StatementForm
from silian.governance.elections.models import Candidate, Election
from silian.kernel import clock
from silian.kernel.http import PublicRequest, Request
from silian.kernel.verdicts import Verdict


@login_not_required
def candidate_index(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """Who stands for what, and what they say."""
    election = _election(request, consortium, pk)
    context = {
        "election": election,
        "consortium": consortium,
        "races": policy.visible_races(request.user, election),
        "may_nominate": policy.may_nominate(request.user, election),
    }
    return render(request, "elections/candidate_index.html", context)


def _election(request: PublicRequest, consortium: Consortium, pk: int) -> Election:
    rows = policy.visible_elections(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


def nominate(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    election = _election(request, consortium, pk)
    policy.may_nominate(request.user, election).enforce()
    units = policy.nominating_units(request.user, election)
    form = CandidateForm(election, units, request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        user = facts.pop("account")
        candidate = services.nominate(facts.pop("race"), by=request.user, user=user, **facts)
        messages.success(request, _("%(person)s is nominated.") % {"person": candidate.person})
        return redirect(candidate)
    context: dict[str, Any] = {"election": election, "consortium": consortium, "form": form}
    context |= {"cancel": election.get_absolute_url()}
    return render(request, "elections/nominate.html", context)


@login_not_required
def candidate_detail(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    candidate = _candidate(request, consortium, pk)
    may_review = policy.may_review(request.user, candidate)
    context = {
        "object": candidate,
        "candidate": candidate,
        "election": candidate.race.election,
        "consortium": consortium,
        "warnings": _against(candidate) if may_review else [],
        "may_review": may_review,
        "may_answer": policy.may_answer(request.user, candidate),
        "may_state": policy.may_state(request.user, candidate),
        "may_withdraw": policy.may_withdraw(request.user, candidate),
        "may_see_dealings": policy.may_see_dealings(request.user, candidate),
    }
    return render(request, "elections/candidate_detail.html", context)


def _candidate(request: PublicRequest, consortium: Consortium, pk: int) -> Candidate:
    elections = policy.visible_elections(request.user)
    rows = policy.visible_candidates(request.user).filter(race__election__in=elections)
    return get_object_or_404(rows, pk=pk, race__election__consortium=consortium)


def _against(candidate: Candidate) -> list[str]:
    """What the charter holds against this candidate; who admits them gives a reason then."""
    start = candidate.race.election.office_from or clock.today()
    seat = candidate.race.seats.select_related("consortium").first()
    if seat is None:
        return []
    return warnings(seat, candidate.organisation, candidate.person, candidate.user, start)


def candidate_statement(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    candidate = _candidate(request, consortium, pk)
    policy.may_state(request.user, candidate).enforce()
    form = StatementForm(request.POST or None, instance=candidate)
    if request.method == "POST" and form.is_valid():
        services.save_statement(candidate, by=request.user, **form.cleaned_data)
        return redirect(candidate)
    context: dict[str, Any] = {"candidate": candidate, "consortium": consortium, "form": form}
    context |= {"cancel": candidate.get_absolute_url()}
    return render(request, "elections/statement.html", context)


# Who may, the service, and whether it always asks for a reason.
VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any], bool]] = {
    "accept": (policy.may_answer, services.accept, False),
    "decline": (policy.may_answer, services.decline, True),
    "admit": (policy.may_review, services.admit, False),
    "refuse": (policy.may_review, services.refuse, True),
    "withdraw": (policy.may_withdraw, services.withdraw, True),
}


@require_POST
def candidate_act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    may, service, asks = VERBS[verb]
    candidate = _candidate(request, consortium, pk)
    may(request.user, candidate).enforce()
    why = request.POST.get("reason", "").strip()[:300]
    asks = asks or (verb == "admit" and bool(_against(candidate)))
    if asks and not why:
        messages.error(request, _("Please give a reason; the other side reads it."))
        return redirect(candidate)
    service(candidate, by=request.user, **({"why": why} if asks else {}))
    return redirect(candidate)
