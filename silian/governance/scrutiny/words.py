"""The working of a round in the reader's words, and the file with which anybody repeats it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from silian.engines.tallying import Quorum, Votes
from silian.governance.ballots import board
from silian.governance.ballots.models import Question
from silian.governance.charters.working import quorum_in_words, votes_in_words
from silian.governance.elections.models import Candidate, Race
from silian.governance.meetings.models import Item
from silian.governance.scrutiny.models import Round


@dataclass(frozen=True)
class Line:
    """One candidate: votes, what became of them, and the lot where one was drawn."""

    candidate: Candidate
    votes: Votes
    fate: str
    colour: str
    lot: str


@dataclass(frozen=True)
class RaceWords:
    """One post in one round."""

    race: Race
    seats: int
    open: int
    quorum: str
    rule: str
    lines: list[Line]
    chooses: bool  # then nobody votes against anybody


def results_of(found: Round) -> Iterator[RaceWords]:
    """Every post of a counted round: quorum, what was needed, and who has how many votes."""
    standings = {(s.question, s.option): s.candidate for s in found.standings.all()}
    weighed = found.poll.voters.filter(votes__gt=1).exists()
    for tally in board.counts(found.poll):
        kept = found.result[str(tally.question.order)]
        lines = [
            _line(standings[tally.question.order, option.order], str(option.order), votes, kept)
            for option, votes in tally.options
        ]
        yield RaceWords(
            race=lines[0].candidate.race,
            seats=kept["seats"],
            open=kept["seats"] - len(kept["elected"]),
            quorum=quorum_in_words(_quorum(kept), weighed=weighed),
            rule=rule_in_words(kept),
            lines=sorted(lines, key=lambda line: -line.votes.favour),
            chooses=tally.question.kind == Question.Kind.CHOOSE,
        )


def _quorum(kept: dict[str, Any]) -> Quorum:
    share = Fraction(kept["quorum"])
    return Quorum(kept["present"], kept["eligible"], share, kept["quorum_needed"])


def _line(candidate: Candidate, option: str, votes: Votes, kept: dict[str, Any]) -> Line:
    fate, colour = _fate(option, votes, kept)
    return Line(candidate, votes, fate, colour, kept["lots"].get(option, ""))


def _fate(option: str, votes: Votes, kept: dict[str, Any]) -> tuple[str, str]:
    """What became of a candidate, and the colour of its badge."""
    if option in kept["elected"]:
        return (_("elected by lot") if option in kept["lots"] else _("elected")), "green"
    if option in kept["tied"]:
        return _("tied"), "yellow"
    if not kept["quorum_met"]:
        return _("no quorum"), "secondary"
    return (_("not elected") if votes.favour >= kept["needed"] else _("too few votes")), "secondary"


def rule_in_words(kept: dict[str, Any]) -> str:
    """What a candidate needed, and how that was reckoned."""
    share = _("more than %(share)s") if kept["strict"] else _("at least %(share)s")
    of = {
        "present": _("%(share)s of %(of)s present: %(needed)s votes needed"),
        "eligible": _("%(share)s of %(of)s entitled: %(needed)s votes needed"),
        "valid": _("%(share)s of %(of)s valid: %(needed)s votes needed"),
    }[kept["base"]]
    return of % {
        "share": share % {"share": kept["majority"]},
        "of": kept["of"],
        "needed": kept["needed"],
    }


def as_file(found: Round) -> dict[str, Any]:
    """The board with what was decided by it; ``verify_board.py`` repeats both."""
    return board.as_file(found.poll) | {"round": found.number, "election": found.result}


def in_minutes(item: Item) -> str:
    """What the minutes of a meeting say of the elections that stood on this item."""
    rounds = Round.objects.filter(election__item=item).exclude(result=None)
    return "\n\n".join(map(_told, rounds.select_related("election", "poll")))


def _told(found: Round) -> str:
    """One round: each post with quorum and what was needed, and each candidate with the votes."""
    parts = [f"**{found.election.title}, {found}**"]
    for race in results_of(found):
        lines = [
            f"- {one.candidate.label}: {votes_in_words(one.votes)}: {one.fate}"
            for one in race.lines
        ]
        parts.append("\n".join([f"{race.race.title}: {race.quorum}; {race.rule}", "", *lines]))
    return "\n\n".join(parts)
