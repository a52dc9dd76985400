"""From the board of a round to who is elected, and from there to who stands again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from silian.engines.electing import RaceResult, Rules, Tie, elect
from silian.governance.ballots import board
from silian.governance.ballots.models import Question
from silian.governance.charters.models import Matter, MatterRule
from silian.governance.charters.policy import rule_for
from silian.governance.charters.working import as_rule
from silian.governance.elections.models import Candidate, Election, Race
from silian.governance.meetings.policy import votes_present
from silian.governance.scrutiny.models import Round


@dataclass(frozen=True)
class Opening:
    """Seats of a post that nobody has been elected to yet, and who stands for them next."""

    race: Race
    seats: int
    candidates: list[Candidate]


def rule_of(election: Election) -> MatterRule:
    """What the election's own charter asks, be there a newer one or not."""
    return rule_for(election.charter, election.organ, Matter.ELECTION)


def rules_of(election: Election) -> Rules:
    quorum, majority = as_rule(rule_of(election))
    return Rules(quorum, majority, Tie(election.charter.tie))


def numbers_of(found: Round) -> tuple[int, int]:
    """Votes present and votes entitled.

    Present are those who handed in a ballot; in a meeting all who signed in, be it that some of
    them left the urn alone.
    """
    turnout = board.turnout(found.poll)
    item = found.election.item
    there = votes_present(item.meeting)[0] if item else 0
    return min(turnout.eligible, max(turnout.votes, there)), turnout.eligible


def counted(found: Round) -> dict[str, Any]:
    """The result of a round whose board is published, by question's number."""
    papers = list(found.poll.slips.values_list("choices", flat=True))
    rules, (present, eligible) = rules_of(found.election), numbers_of(found)
    digest = board.digest(found.poll)
    races = {
        s.question: s.candidate.race for s in found.standings.select_related("candidate__race")
    }
    result = {}
    for question in found.poll.questions.prefetch_related("options"):
        number = str(question.order)
        outcome = elect(
            [paper[number] for paper in papers],
            candidates=[str(option.order) for option in question.options.all()],
            seats=question.most,
            present=present,
            eligible=eligible,
            rules=rules,
            seed=f"{digest}:{question.text_zh}",
        )
        result[number] = as_kept(outcome, question, races[question.order], rules)
    return result


def as_kept(outcome: RaceResult, question: Question, race: Race, rules: Rules) -> dict[str, Any]:
    """What ``verify_board.py`` is given, and our own pages read."""
    return {
        "race": race.pk,
        "post": question.text_zh,
        "seed": question.text_zh,
        "seats": outcome.seats,
        "present": outcome.quorum.present,
        "eligible": outcome.quorum.eligible,
        "quorum": str(outcome.quorum.share),
        "quorum_needed": outcome.quorum.needed,
        "quorum_met": outcome.quorum.met,
        "majority": str(rules.majority.share),
        "strict": rules.majority.strict,
        "base": str(rules.majority.base),
        "of": outcome.of,
        "needed": outcome.needed,
        "tie": str(rules.tie),
        "elected": outcome.elected,
        "tied": outcome.tied,
        "again": outcome.again,
        "lots": outcome.lots,
    }


# --- over all rounds --------------------------------------------------------------------


def winners(election: Election) -> list[Candidate]:
    """Who is elected so far: round by round, post by post, the most votes first."""
    return [one for found in _counted_rounds(election) for one in _named(found, "elected")]


def _counted_rounds(election: Election) -> list[Round]:
    rounds = election.rounds.exclude(result=None)
    return list(rounds.prefetch_related("standings__candidate__organisation"))


def _named(found: Round, key: str) -> Iterator[Candidate]:
    """The candidates that a round's result lists under ``key``."""
    standings = found.standings.all()
    by_place = {(str(s.question), str(s.option)): s.candidate for s in standings}
    for number, race in (found.result or {}).items():
        yield from (by_place[number, option] for option in race[key])


def openings(election: Election) -> list[Opening]:
    """What is left to be filled, post by post: in the first round everything."""
    rounds = _counted_rounds(election)
    elected = [one for found in rounds for one in _named(found, "elected")]
    again = list(_named(rounds[-1], "again")) if rounds else None
    found = []
    for race in election.races.prefetch_related("seats", "candidates__organisation"):
        left = len(race.seats.all()) - sum(one.race_id == race.pk for one in elected)
        if left > 0:
            found.append(Opening(race, left, _standing(race, again)))
    return found


def _standing(race: Race, again: list[Candidate] | None) -> list[Candidate]:
    """In the order of the paper."""
    if again is not None:
        chosen = [one for one in again if one.race_id == race.pk]
    else:
        admitted = Candidate.State.ADMITTED
        chosen = [one for one in race.candidates.all() if one.state == admitted]
    return sorted(chosen, key=lambda one: (one.place or 0, one.pk))


def goes_on(election: Election) -> bool:
    """Does the charter allow another round, and is there anybody to vote on?"""
    if election.rounds.count() >= election.charter.rounds:
        return False
    return any(opening.candidates for opening in openings(election))
