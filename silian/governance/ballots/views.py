"""The paper, the receipt and the board. No code of a ballot ever stands in an address."""

import json
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from silian.engines import verify_board
from silian.governance.ballots import board as boards
from silian.governance.ballots import policy, services
from silian.governance.ballots.forms import CodeForm, PaperForm
from silian.governance.ballots.models import Poll, Question, Voter
from silian.governance.ballots.tables import readable, slip_table
from silian.governance.ballots.urn import new_code
from silian.governance.consortia.models import Consortium
from silian.kernel.http import PublicRequest, Request
from silian.kernel.ui.listing import Listing


def _visible(request: PublicRequest, consortium: Consortium, pk: int) -> Poll:
    return get_object_or_404(policy.visible_polls(request.user), pk=pk, consortium=consortium)


def _questions(poll: Poll) -> list[Question]:
    return list(poll.questions.prefetch_related("options"))


# --- voting -----------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters()
@sensitive_variables()
def ballot(request: Request, consortium: Consortium, pk: int) -> HttpResponse:
    """The paper of one unit; handed in, the receipt is the answer itself, never an address."""
    poll = _visible(request, consortium, pk)
    voters = list(policy.voters_of(request.user, poll))
    voter = _chosen(request, voters)
    if request.method == "POST":
        if voter is None:
            policy.may_vote(request.user, poll).enforce()
            raise Http404
        return _hand_in(request, poll, voter, voters)
    if voter is None or voter.has_voted or not poll.takes_ballots:
        return _no_paper(request, poll, voter, voters)
    return _paper(request, poll, voter, voters)


def _chosen(request: Request, voters: list[Voter]) -> Voter | None:
    """The unit asked for; else the first that has not voted."""
    asked = request.POST.get("unit") or request.GET.get("unit") or ""
    if asked:
        return next((voter for voter in voters if str(voter.pk) == asked), None)
    return next((voter for voter in voters if not voter.has_voted), voters[0] if voters else None)


def _paper(
    request: Request, poll: Poll, voter: Voter, voters: list[Voter], form: PaperForm | None = None
) -> HttpResponse:
    if form is None:
        codes = [new_code() for _ in range(voter.votes)]
        form = PaperForm(_questions(poll), initial={"codes": " ".join(codes)})
    context = _about(request, poll, voter, voters)
    context |= {"form": form, "codes": str(form["codes"].value()).split()}
    return render(request, "ballots/paper.html", context)


def _no_paper(
    request: Request, poll: Poll, voter: Voter | None, voters: list[Voter]
) -> HttpResponse:
    context = _about(request, poll, voter, voters)
    context |= {"verdict": policy.may_vote(request.user, poll), "code_form": CodeForm()}
    return render(request, "ballots/no_paper.html", context)


def _about(
    request: Request, poll: Poll, voter: Voter | None, voters: list[Voter]
) -> dict[str, object]:
    return {
        "poll": poll,
        "consortium": poll.consortium,
        "voter": voter,
        "voters": voters,
        "turnout": boards.turnout(poll),
        "may_see_number": policy.may_see_number(request.user, poll),
    }


@sensitive_variables()
def _hand_in(request: Request, poll: Poll, voter: Voter, voters: list[Voter]) -> HttpResponse:
    form = PaperForm(_questions(poll), request.POST)
    if not form.is_valid() and not voter.has_voted and poll.takes_ballots:
        return _paper(request, poll, voter, voters, form)
    codes = form.cleaned_data.get("codes", [])
    try:
        receipt = services.cast(poll, voter, choices=form.choices(), codes=codes, by=request.user)
    except services.CodeTaken as taken:
        marked = request.POST.copy()
        marked["codes"] = " ".join(new_code() for _ in range(voter.votes))
        fresh = PaperForm(_questions(poll), marked)
        fresh.add_error(None, str(taken))
        return _paper(request, poll, voter, voters, fresh)
    except services.Refused as refused:
        voter = policy.voters_of(request.user, poll).get(pk=voter.pk)
        return _refused(request, poll, voter, voters, str(refused))
    waiting = [one for one in policy.voters_of(request.user, poll) if not one.has_voted]
    context = _about(request, poll, voter, voters) | {"receipt": receipt, "waiting": waiting}
    return render(request, "ballots/receipt.html", context)


def _refused(
    request: Request, poll: Poll, voter: Voter, voters: list[Voter], why: str
) -> HttpResponse:
    context = _about(request, poll, voter, voters) | {"refused": why, "code_form": CodeForm()}
    return render(request, "ballots/no_paper.html", context, status=409)


@never_cache
@require_POST
@login_not_required
@sensitive_post_parameters()
@sensitive_variables()
def check(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """Is there a ballot with this code? Asked by POST, so that no log keeps the code."""
    poll = _visible(request, consortium, pk)
    form = CodeForm(request.POST)
    context = {"poll": poll, "consortium": consortium, "code_form": form}
    if form.is_valid():
        code = form.cleaned_data["code"]
        context |= {"code": code, "found": code in services.codes_of(poll)}
        slips = policy.visible_slips(request.user, poll)
        slip = next((slip for slip in slips if slip.code == code), None)
        context["says"] = readable(_questions(poll), slip.choices) if slip else []
    return render(request, "ballots/check.html", context)


# --- the board --------------------------------------------------------------------------


@login_not_required
def board(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    """Every slip, the counts, who voted, and what is needed to count again."""
    poll = _closed(request, consortium, pk)
    context = {
        "poll": poll,
        "consortium": consortium,
        "tallies": boards.counts(poll),
        "turnout": boards.turnout(poll),
        "digest": boards.digest(poll),
        "voters": policy.visible_turnout(request.user, poll),
        "code_form": CodeForm(),
    }
    rows = policy.visible_slips(request.user, poll)
    listing = Listing(request, rows, slip_table(_questions(poll)), name="board")
    return listing.page("ballots/board.html", context)


def _closed(request: PublicRequest, consortium: Consortium, pk: int) -> Poll:
    poll = _visible(request, consortium, pk)
    if poll.state != Poll.State.CLOSED:
        raise Http404(_("The board is published when voting is over."))
    return poll


@login_not_required
def board_file(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    poll = _closed(request, consortium, pk)
    text = json.dumps(boards.as_file(poll), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    return _download(text, "application/json", f"board-{poll.pk}.json")


@login_not_required
def board_csv(request: PublicRequest, consortium: Consortium, pk: int) -> HttpResponse:
    poll = _closed(request, consortium, pk)
    text = "\ufeff" + boards.as_csv(poll)  # the mark by which Excel knows UTF-8
    return _download(text, "text/csv; charset=utf-8", f"board-{poll.pk}.csv")


@login_not_required
def script(request: PublicRequest, consortium: Consortium) -> HttpResponse:
    """The program that counts a board again."""
    source = Path(verify_board.__file__)
    return _download(source.read_text(encoding="utf-8"), "text/x-python", source.name)


def _download(text: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
