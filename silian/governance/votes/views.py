"""The vote on one motion: what voters do, what the secretariat does, and what it came to."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from silian.governance.charters.working import (
    decision_in_words,
    quorum_in_words,
    restored,
    rule_in_words,
    votes_in_words,
)
from silian.governance.consortia.models import Consortium
from silian.governance.meetings.policy import votes_present
from silian.governance.motions import policy as motions
from silian.governance.motions.models import Motion
from silian.governance.votes import policy, secret, services
from silian.governance.votes.forms import HandsForm, PutForm, VotesForm
from silian.governance.votes.tables import LetterTable
from silian.kernel.http import Request
from silian.kernel.ui.listing import Listing

VERBS = "cast enter close call_off see_votes".split()


def letter_index(request: Request, consortium: Consortium) -> HttpResponse:
    """Votes by correspondence, with how many have answered."""
    rows = policy.visible_letters(request.user).filter(consortium=consortium)
    context = {
        "consortium": consortium,
        "may_ask_by_letter": motions.may_ask_by_letter(request.user, consortium),
        "leads": motions.leads(request.user, consortium),
    }
    listing = Listing(request, rows, LetterTable, name="letters")
    return listing.page("votes/letter_index.html", context)


def vote(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The page of the vote: before the close what one can do, afterwards how it came out."""
    motion = _visible(request, consortium, pk)
    rights = policy.rights_of(request.user, motion)
    cast = policy.choices_cast(motion, rights)
    context = {
        **_state_of(motion),
        "object": motion,
        "rule": rule_in_words(motions.rule_of(motion)),
        "leads": motions.leads(request.user, consortium),
        "form": VotesForm(rights=rights, cast=cast),
        "has_voted": bool(cast),
        "votes": policy.visible_votes(request.user, motion),
    }
    context |= {f"may_{v}": getattr(policy, f"may_{v}")(request.user, motion) for v in VERBS}
    return render(request, "votes/vote.html", context)


def put(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Put a motion to the vote."""
    motion = _visible(request, consortium, pk)
    motions.may_put(request.user, motion).enforce()
    form = PutForm(
        request.POST or None,
        by_correspondence=motion.by_correspondence,
        secret=motions.is_secret(motion),
    )
    if request.method == "POST" and form.is_valid():
        services.put_to_vote(motion, by=request.user, **form.how())
        return redirect("votes:vote", consortium, pk)
    quorum = policy.quorum_now(motion)
    facts = {"quorum": quorum, "quorum_words": quorum and quorum_in_words(quorum)}
    return _form(request, motion, form, "votes/put.html", **facts)


@require_POST
def cast(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Cast or change the votes of the units that one may vote for."""
    motion = _visible(request, consortium, pk)
    policy.may_cast(request.user, motion).enforce()
    rights = policy.rights_of(request.user, motion)
    form = VotesForm(request.POST, rights=rights, cast=policy.choices_cast(motion, rights))
    if not form.is_valid():
        messages.error(request, _("Choose for, against or abstention."))
    elif _cast(request, motion, form):
        messages.success(request, _("Your vote is counted. You can change it until the close."))
    return redirect("votes:vote", consortium, pk)


def roll(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The roll call: what each unit says aloud, or has sent on paper."""
    motion = _visible(request, consortium, pk)
    policy.may_enter(request.user, motion).enforce()
    rights = policy.rights_for(motion)
    sent = request.POST if request.method == "POST" else None
    form = VotesForm(sent, rights=rights, cast=policy.choices_cast(motion, rights))
    if form.is_valid():
        if _cast(request, motion, form, on_behalf=True):
            messages.success(request, _("Saved."))
        return redirect("votes:vote", consortium, pk)
    return _form(request, motion, form, "votes/roll.html")


def _cast(request: Request, motion: Motion, form: VotesForm, *, on_behalf: bool = False) -> bool:
    """True where the votes were taken; else the reader is told that they came too late."""
    try:
        services.cast_all(motion, form.chosen(), by=request.user, on_behalf=on_behalf)
    except services.VoteClosed:
        said = _("The vote was closed before yours arrived. It could not be counted.")
        messages.error(request, said)
        return False
    return True


def hands(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """Enter the numbers of a show of hands, which closes the vote."""
    motion = _visible(request, consortium, pk)
    policy.may_close(request.user, motion).enforce()
    present, _entitled = votes_present(motion.item.meeting) if motion.item else (0, 0)
    form = HandsForm(request.POST or None, present=present)
    if form.is_valid():
        services.close_vote(motion, by=request.user, hands=form.votes())
        return redirect("votes:vote", consortium, pk)
    return _form(request, motion, form, "votes/hands.html", present=present)


@require_POST
def close(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    motion = _visible(request, consortium, pk)
    policy.may_close(request.user, motion).enforce()
    if motion.way == Motion.Way.HANDS:
        return redirect("votes:hands", consortium, pk)
    if motion.poll:
        secret.end_poll(motion.poll, by=request.user)
    else:
        services.close_vote(motion, by=request.user)
    return redirect("votes:vote", consortium, pk)


@require_POST
def call_off(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    motion = _visible(request, consortium, pk)
    policy.may_call_off(request.user, motion).enforce()
    if reason := request.POST.get("reason", "").strip()[:300]:
        services.call_off(motion, by=request.user, why=reason)
    else:
        messages.error(request, _("Please give a reason."))
    return redirect(motion)


def progress(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """How many have voted, asked every few seconds; once it is closed the page comes anew."""
    motion = _visible(request, consortium, pk)
    if motion.state != Motion.State.VOTING:
        return HttpResponseClientRefresh()
    return render(request, "votes/progress.html", _state_of(motion))


def screen(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """For the wall: the text, how many have voted, and then the result."""
    motion = _visible(request, consortium, pk)
    return render(request, "votes/screen.html", _state_of(motion))


def _state_of(motion: Motion) -> dict[str, Any]:
    """How far the vote is; afterwards what it came to, calculated anew from what was kept."""
    context: dict[str, Any] = {"motion": motion, "consortium": motion.consortium}
    if motion.state == Motion.State.VOTING:
        given, possible = services.progress(motion)
        context |= {"given": given, "possible": possible}
    if motion.decision:
        decision = restored(motion.decision)
        context |= {
            "decision": decision,
            "words": decision_in_words(decision, weighed=motion.decision["weighed"]),
            "counted": votes_in_words(decision.votes),
            "missing": max(0, decision.quorum.needed - decision.quorum.present),
        }
    return context


def _visible(request: Request, consortium: Consortium, pk: int) -> Motion:
    return get_object_or_404(motions.visible_motions(request.user), pk=pk, consortium=consortium)


def _form(request: Request, motion: Motion, form: Any, template: str, **more: Any) -> HttpResponse:
    cancel = reverse("votes:vote", args=[motion.consortium, motion.pk])
    if motion.state != Motion.State.VOTING:
        cancel = motion.get_absolute_url()
    context = {"consortium": motion.consortium, "motion": motion, "form": form, "cancel": cancel}
    return render(request, template, context | more)
