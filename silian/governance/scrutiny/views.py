"""The page of an election, its rounds of voting, the count and the result."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from silian.governance.ballots import services as ballots
from silian.governance.ballots.board import turnout
from silian.governance.ballots.policy import may_vote
from silian.governance.charters.working import rule_in_words
from silian.governance.consortia.models import Consortium
from silian.governance.elections import policy as elections
from silian.governance.elections.models import Election
from silian.governance.scrutiny import counting, policy, services, words
from silian.governance.scrutiny.forms import ExtendForm, HoursForm, ScrutineerForm
from silian.governance.scrutiny.models import Round
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.http import PublicRequest, Request
from silian.kernel.verdicts import Verdict

PREPARING = "edit open_nominations list nominate".split()
VOTING = """name_scrutineers open_voting extend count run_off end publish abandon
confirm""".split()


@login_not_required
def election_page(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """Posts, candidates and rounds for everybody; what to do next, for whoever has to do it."""
    election = _visible(request, consortium, pk)
    last = policy.last_round(election)
    context = {
        "object": election,
        "election": election,
        "consortium": consortium,
        "steps": [_(label) for label in STEPS],
        "step": step_of(election, last),
        "races": elections.visible_races(request.user, election),
        "scrutineers": election.scrutineers.select_related("user"),
        "rounds": policy.visible_rounds(request.user, election),
        "last": last,
        "turnout": turnout(last.poll) if last else None,
        "may_vote": may_vote(request.user, last.poll) if last else Verdict(_("Not yet.")),
        "is_confirmed": policy.is_confirmed(last),
        "is_secretary": bool(elections.may_prepare(request.user, consortium)),
        "rule": rule_in_words(counting.rule_of(election)),
        "openings": counting.openings(election) if last and last.result else [],
    }
    verdicts = [(elections, PREPARING), (policy, VOTING)]
    context |= {
        f"may_{verb}": getattr(rules, f"may_{verb}")(request.user, election)
        for rules, verbs in verdicts
        for verb in verbs
    }
    return render(request, "scrutiny/election_detail.html", context)


STEPS = [
    gettext_noop("Preparation"),
    gettext_noop("Nominations"),
    gettext_noop("Candidates"),
    gettext_noop("Vote"),
    gettext_noop("Count"),
    gettext_noop("Result"),
]


def step_of(election: Election, last: Round | None) -> int:
    """Which of the steps is under way, counted from 1."""
    state = Election.State
    if election.state == state.VOTING:
        return 5 if last and last.result else 4
    order = [state.PREPARED, state.NOMINATING, state.LISTED, state.VOTING, state.DECIDED]
    return order.index(state(election.state)) + 1 if election.state in order else 6


def _visible(request: PublicRequest, consortium: Consortium, pk: int) -> Election:
    rows = elections.visible_elections(request.user)
    return get_object_or_404(rows, pk=pk, consortium=consortium)


# --- scrutineers ------------------------------------------------------------------------


def scrutineers(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Who watches the count."""
    election = _visible(request, consortium, pk)
    policy.may_name_scrutineers(request.user, election).enforce()
    form = ScrutineerForm(election, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.name_scrutineer(election, form.cleaned_data["user"], by=request.user)
        return redirect("scrutiny:scrutineers", consortium, pk)
    context = {"form": form, "scrutineers": election.scrutineers.select_related("user")}
    return _page(request, election, "scrutiny/scrutineers.html", context)


@require_POST
def scrutineer_relieve(
    request: Request, consortium: Consortium, pk: int, scrutineer: int
) -> HttpResponse:
    election = _visible(request, consortium, pk)
    policy.may_name_scrutineers(request.user, election).enforce()
    found = get_object_or_404(election.scrutineers.all(), pk=scrutineer)
    if why := _reason(request):
        services.relieve_scrutineer(found, by=request.user, why=why)
    return redirect("scrutiny:scrutineers", consortium, pk)


def _page(
    request: PublicRequest, election: Election, template: str, context: dict[str, Any]
) -> HttpResponse:
    about = {"election": election, "consortium": election.consortium}
    return render(request, template, about | context)


# --- voting -----------------------------------------------------------------------------


def voting(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Open the first round, or the next one."""
    election = _visible(request, consortium, pk)
    first = election.state == Election.State.LISTED
    may = policy.may_open_voting if first else policy.may_run_off
    may(request.user, election).enforce()
    form = HoursForm(request.POST or None, initial={"opens_at": clock.now()})
    service = services.open_voting if first else services.run_off
    return _timed(request, election, form, service, _("Open voting"))


def extend(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Give everybody more time to vote."""
    election = _visible(request, consortium, pk)
    policy.may_extend(request.user, election).enforce()
    last = policy.last_round(election)
    if last is None:
        raise Http404
    form = ExtendForm(request.POST or None, initial={"closes_at": last.poll.closes_at})

    def service(election: Election, **facts: Any) -> None:
        ballots.reschedule(last.poll, **facts)

    return _timed(request, election, form, service, _("Put the end off"))


def _timed(
    request: Request, election: Election, form: BaseForm, service: Callable[..., Any], title: str
) -> HttpResponse:
    """A form of moments, and the service that is given them."""
    if request.method == "POST" and form.is_valid():
        service(election, by=request.user, **form.cleaned_data)
        return redirect(election)
    context = {"form": form, "title": title, "cancel": election.get_absolute_url()}
    return _page(request, election, "elections/timed.html", context)


def _count(election: Election, *, by: User) -> None:
    if last := policy.last_round(election):
        ballots.close_poll(last.poll, by=by)


def _confirm(election: Election, *, by: User, **objection: str) -> None:
    scrutineer = policy.scrutineer_of(by, election)
    if scrutineer:
        services.confirm(scrutineer, by=by, **objection)


def _object(election: Election, *, by: User, why: str) -> None:
    _confirm(election, by=by, objection=why[:500])


# Who may, the service, and whether it asks for a reason.
VERBS: dict[str, tuple[Callable[..., Verdict], Callable[..., Any], bool]] = {
    "count": (policy.may_count, _count, False),
    "confirm": (policy.may_confirm, _confirm, False),
    "object": (policy.may_confirm, _object, True),
    "end": (policy.may_end, services.end_without_round, True),
    "publish": (policy.may_publish, services.publish, False),
    "abandon": (policy.may_abandon, services.abandon, True),
}


@require_POST
def act(request: Request, consortium: Consortium, pk: int, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    may, service, asks = VERBS[verb]
    election = _visible(request, consortium, pk)
    may(request.user, election).enforce()
    why = _reason(request)
    if asks and not why:
        messages.error(request, _("Please give a reason."))
        return redirect(election)
    try:
        service(election, by=request.user, **({"why": why} if asks else {}))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(election)


def _reason(request: Request) -> str:
    return request.POST.get("reason", "").strip()[:300]


# --- the result -------------------------------------------------------------------------


@login_not_required
def result(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """Round by round: quorum, what was needed, who got it, and the files to check it with."""
    election = _visible(request, consortium, pk)
    counted = policy.visible_rounds(request.user, election).exclude(result=None)
    context = {
        "rounds": [
            {"round": found, "turnout": turnout(found.poll), "races": list(words.results_of(found))}
            for found in counted
        ],
        "winners": counting.winners(election),
        "is_confirmed": policy.is_confirmed(policy.last_round(election)),
    }
    return _page(request, election, "scrutiny/result.html", context)


@login_not_required
def round_file(
    request: PublicRequest, consortium: Consortium, pk: int, number: int
) -> HttpResponse:
    """The board of a round with what was decided by it."""
    election = _visible(request, consortium, pk)
    counted = policy.visible_rounds(request.user, election).exclude(result=None)
    found = get_object_or_404(counted, number=number)
    text = json.dumps(words.as_file(found), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json")
    name = f"election-{election.pk}-round-{number}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
