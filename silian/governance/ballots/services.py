"""The life of a secret ballot: prepare, open, cast, close.

Casting writes no entry in the record and no time; see docs/elections.md for what that is for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from silian.engines.tallying import Choice
from silian.governance.ballots import policy
from silian.governance.ballots.models import Option, Poll, Question, Slip, Urn, Voter
from silian.governance.ballots.urn import Ballot, contents, filled, is_code, meant, new_urn, spelled
from silian.governance.consortia.models import Consortium
from silian.governance.council.policy import Elector
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.states import IllegalMove, move

State = Poll.State
Marks = Mapping[int, Mapping[int, str]]  # question's order: option's order: for, against, abstain
Listener = Callable[[Poll], None]
listeners: list[Listener] = []


class Refused(Exception):
    """The ballot was not taken; the text says why, in the reader's language."""


class VotedAlready(Refused):
    """The unit's ballot is in the urn, and it is another one than this."""


class CodeTaken(Refused):
    """A code of this ballot is on another one: take new codes."""


class Overfull(Refused):
    """The paper favours more than it may."""

    def __init__(self, question: Question) -> None:
        self.question = question
        said = _("Choose at most %(most)s here; you chose more.") % {"most": question.most}
        super().__init__(said)


class CountMismatch(Exception):
    """There are more or fewer ballots in the urn than votes of those who voted."""


@dataclass(frozen=True)
class Asked:
    """One question to be put: its text and options in both languages."""

    text_zh: str
    text_en: str
    options: Sequence[tuple[str, str]]
    kind: str = Question.Kind.EACH
    most: int = 0  # as many as there are options, where nothing is said


@dataclass(frozen=True)
class Receipt:
    """The codes under which a ballot is in the urn; ``repeated`` where it had been there before."""

    codes: tuple[str, ...]
    repeated: bool = False


def on_closing(function: Listener) -> Listener:
    """Have ``function`` called with each poll whose board was just published, same transaction.

    What stands above ballots counts its results there, from its ``receivers.py``.
    """
    listeners.append(function)
    return function


@transaction.atomic
def prepare_poll(  # noqa: PLR0913  a poll is these few words
    consortium: Consortium,
    *,
    title_zh: str,
    title_en: str = "",
    questions: Iterable[Asked],
    by: User,
    page: str = "",
) -> Poll:
    """Make a poll with its paper. ``page`` is the address of what it decides."""
    poll = Poll.objects.create(
        consortium=consortium, title_zh=title_zh, title_en=title_en, page=page
    )
    for order, asked in enumerate(questions, start=1):
        question = poll.questions.create(
            order=order,
            text_zh=asked.text_zh,
            text_en=asked.text_en,
            kind=asked.kind,
            most=asked.most or len(asked.options),
        )
        Option.objects.bulk_create(
            Option(question=question, order=place, label_zh=zh, label_en=en)
            for place, (zh, en) in enumerate(asked.options, start=1)
        )
    record(poll, gettext_noop("Ballot prepared"), by=by)
    return poll


@transaction.atomic
def open_poll(  # noqa: PLR0913  who votes, when, and for whom else
    poll: Poll,
    *,
    electors: Iterable[Elector],
    opens_at: datetime,
    closes_at: datetime,
    by: User,
    proxies: Mapping[int, Elector] | None = None,
) -> None:
    """Fix the roll and the hours. ``proxies`` tells by a unit's key who holds its vote."""
    held = proxies or {}
    Voter.objects.bulk_create(_voter(poll, one, held.get(one.organisation.pk)) for one in electors)
    slips, key = new_urn()
    Urn.objects.create(poll=poll, slips=slips, key=key)
    move(poll, State.OPEN, by=by, opens_at=opens_at, closes_at=closes_at)


def _voter(poll: Poll, elector: Elector, holder: Elector | None) -> Voter:
    return Voter(
        poll=poll,
        organisation=elector.organisation,
        user=elector.user,
        votes=elector.votes,
        proxy=holder.organisation if holder else None,
        proxy_user=holder.user if holder else None,
    )


@transaction.atomic
def reschedule(poll: Poll, *, closes_at: datetime, by: User, why: str) -> None:
    """Let voting end at another moment that lies ahead, with a reason that is kept."""
    _lock(poll)
    if poll.state != State.OPEN or poll.is_over:
        raise IllegalMove("voting is over")
    was = poll.closes_at
    poll.closes_at = max(closes_at, clock.now())
    poll.save(update_fields=["closes_at"])
    record(poll, gettext_noop("End of voting moved"), by=by, was=str(was), why=why)


@transaction.atomic
def cast(poll: Poll, voter: Voter, *, choices: Marks, codes: Sequence[str], by: User) -> Receipt:
    """Put the ballot of ``voter`` into the urn: one slip a vote, under as many ``codes``.

    All or nothing, and one voter after the other. The same codes again are answered with the same
    receipt: nothing is changed. Raises Refused, in words for the voter, and keeps nothing.
    """
    _lock(poll)
    voter = policy.voters_of(by, poll).select_for_update(of=("self",)).get(pk=voter.pk)
    if voter.has_voted:
        return _cast_before(poll, codes)
    verdict = policy.why_closed(poll)
    if not verdict:
        raise Refused(verdict.reason)
    urn = Urn.objects.get(poll=poll)
    slips = contents(urn)
    _check_codes(codes, voter.votes, {slip.code for slip in slips})
    marks = spelled(completed(poll, choices))
    urn.slips = filled(urn, slips + [Ballot(code, marks) for code in codes])
    urn.save(update_fields=["slips"])
    Voter.objects.filter(pk=voter.pk).update(has_voted=True, voted_by=by)
    return Receipt(tuple(codes))


def _lock(poll: Poll) -> None:
    """Read ``poll`` anew and let nobody else vote in it or close it before this is over."""
    poll.refresh_from_db(from_queryset=Poll.objects.select_for_update())


def _cast_before(poll: Poll, codes: Sequence[str]) -> Receipt:
    """The receipt of a ballot that is there already, where this is the same one sent again."""
    if codes and codes_of(poll).issuperset(codes):
        return Receipt(tuple(codes), repeated=True)
    raise VotedAlready(_("The ballot of this unit was handed in before."))


def _check_codes(codes: Sequence[str], votes: int, known: set[str]) -> None:
    if len(codes) != votes or len(set(codes)) != votes or not all(map(is_code, codes)):
        raise Refused(_("This paper is damaged. Please open a new one."))
    if known.intersection(codes):
        raise CodeTaken(_("Please vote again: this paper's code is in use."))


def completed(poll: Poll, choices: Marks) -> dict[str, dict[str, str]]:
    """A mark for every option: what says nothing abstains. Raises Overfull or Refused."""
    paper: dict[str, dict[str, str]] = {}
    for question in poll.questions.prefetch_related("options"):
        given = choices.get(question.order, {})
        allowed = set(Choice) - {Choice.INVALID}
        if question.kind == Question.Kind.CHOOSE:
            allowed -= {Choice.AGAINST}
        places = [option.order for option in question.options.all()]
        if not set(given) <= set(places) or not set(given.values()) <= allowed:
            raise Refused(_("This paper is damaged. Please open a new one."))
        if sum(choice == Choice.FAVOUR for choice in given.values()) > question.most:
            raise Overfull(question)
        marks = {str(place): str(given.get(place, Choice.ABSTAIN)) for place in places}
        paper[str(question.order)] = marks
    return paper


def codes_of(poll: Poll) -> set[str]:
    """The codes of all ballots, in the urn or on the board.

    Compared here and not in SQL, so that no log of the database tells who asked for which.
    """
    urn = Urn.objects.filter(poll=poll).first()
    if urn:
        return {slip.code for slip in contents(urn)}
    return set(poll.slips.values_list("code", flat=True))


@transaction.atomic
def close_poll(poll: Poll, *, by: User | None) -> None:
    """Publish the board and destroy the urn. ``by`` is None where time alone has closed it.

    Raises CountMismatch, and publishes nothing, where the ballots are not as many as the votes of
    those who voted.
    """
    _lock(poll)
    verdict = policy.may_close(poll)
    if not verdict:
        raise IllegalMove(verdict.reason)
    slips = contents(Urn.objects.get(poll=poll))
    votes = sum(poll.voters.filter(has_voted=True).values_list("votes", flat=True))
    if len(slips) != votes or len({slip.code for slip in slips}) != votes:
        raise CountMismatch(f"{poll.pk}: {len(slips)} ballots, {votes} votes")
    Slip.objects.bulk_create(
        Slip(poll=poll, code=slip.code, choices=meant(slip.marks)) for slip in sorted(slips)
    )
    move(poll, State.CLOSED, by=by)
    _destroy_urn(poll)
    for listener in listeners:
        listener(poll)


@transaction.atomic
def void_poll(poll: Poll, *, by: User, why: str) -> None:
    """Count nothing: the ballots are destroyed unread."""
    _lock(poll)
    move(poll, State.VOID, by=by, why=why)
    _destroy_urn(poll)


def _destroy_urn(poll: Poll) -> None:
    Urn.objects.filter(poll=poll).delete()
    app.configure_task("silian.governance.ballots.tasks.sweep").defer()
