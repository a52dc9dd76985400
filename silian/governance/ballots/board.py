"""The published board: its counts, and the file with which anybody can count again."""

import csv
import io
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from silian.engines.electing import count
from silian.engines.tallying import Choice, Votes
from silian.governance.ballots.models import Option, Poll, Question
from silian.kernel.bilingual import both

FORMAT = "silian-board-1"


@dataclass(frozen=True)
class Tally:
    """What the ballots say to one question. ``blank`` are those that abstain from all of it."""

    question: Question
    options: list[tuple[Option, Votes]]
    blank: int


def counts(poll: Poll) -> list[Tally]:
    """Every question with the votes of each of its options, from the published board."""
    papers = list(poll.slips.values_list("choices", flat=True))
    return [tally(question, papers) for question in poll.questions.prefetch_related("options")]


def tally(question: Question, papers: list[dict[str, dict[str, str]]]) -> Tally:
    marks = [paper[str(question.order)] for paper in papers]
    options = list(question.options.all())
    votes, _cast = count(marks, [str(option.order) for option in options])
    blank = sum(set(paper.values()) <= {Choice.ABSTAIN} for paper in marks)
    return Tally(question, [(option, votes[str(option.order)]) for option in options], blank)


@dataclass(frozen=True)
class Turnout:
    """Who voted, in numbers; ``votes`` is how many slips there must be."""

    units: int
    voted: int
    eligible: int
    votes: int


def turnout(poll: Poll) -> Turnout:
    roll = list(poll.voters.values_list("votes", "has_voted"))
    voted = [votes for votes, has_voted in roll if has_voted]
    return Turnout(len(roll), len(voted), sum(votes for votes, _ in roll), sum(voted))


def digest(poll: Poll) -> str:
    """SHA-256 of all slips in the order of their codes; verify_board.py computes the same."""
    slips = [[slip.code, slip.choices] for slip in poll.slips.all()]
    text = json.dumps(slips, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def as_file(poll: Poll) -> dict[str, Any]:
    """All that is public of a closed poll: paper, roll in numbers, who voted, slips, counts."""
    numbers = turnout(poll)
    voted = poll.voters.filter(has_voted=True).select_related("organisation")
    return {
        "format": FORMAT,
        "title": both(poll, "title"),
        "consortium": both(poll.consortium),
        "opened": poll.opens_at,
        "closed": poll.closes_at,
        "questions": [_question(question) for question in poll.questions.all()],
        "roll": {"units": numbers.units, "votes": numbers.eligible},
        "voted": [{"unit": v.organisation.name_zh, "votes": v.votes} for v in voted],
        "slips": [[slip.code, slip.choices] for slip in poll.slips.all()],
        "counts": {
            str(found.question.order): {
                str(option.order): [votes.favour, votes.against, votes.abstain]
                for option, votes in found.options
            }
            for found in counts(poll)
        },
        "sha256": digest(poll),
    }


def _question(question: Question) -> dict[str, Any]:
    options = [
        {"number": option.order, "label": both(option, "label")}
        for option in question.options.all()
    ]
    about = {"number": question.order, "text": both(question, "text"), "kind": question.kind}
    return about | {"most": question.most, "options": options}


def as_csv(poll: Poll) -> str:
    """One line a slip, one column an option, for a spreadsheet."""
    options = [
        (str(question.order), str(option.order), f"{question}: {option}")
        for question in poll.questions.prefetch_related("options")
        for option in question.options.all()
    ]
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["code", *(label for _, _, label in options)])
    for slip in poll.slips.all():
        lines.writerow([slip.code, *(slip.choices[q][o] for q, o, _ in options)])
    return text.getvalue()
