"""The working in words says what anybody can calculate again."""

import json
from fractions import Fraction

import pytest
from django.utils.translation import override

from silian.engines.tallying import Base, Decision, Majority, Votes, decide, quorum
from silian.governance.charters import working
from silian.governance.charters.models import MatterRule

TWO_THIRDS = Fraction(2, 3)


@pytest.fixture
def decision() -> Decision:
    votes = Votes(favour=31, against=6, abstain=3, invalid=2)
    majority = Majority(TWO_THIRDS, strict=False, base=Base.VALID)
    return decide(votes, present=42, eligible=62, quorum_share=TWO_THIRDS, majority=majority)


def test_a_result_shows_its_working(decision: Decision) -> None:
    assert working.decision_in_words(decision) == (
        "42 of 62 units present, quorum 42 (2/3 of 62): met; "
        "31 in favour of 40 valid, needed 27 (at least 2/3 of 40): carried"
    )
    assert working.votes_in_words(decision.votes) == "31 for, 6 against, 3 abstained, 2 invalid"


def test_it_does_so_in_chinese(decision: Decision) -> None:
    with override("zh-hans"):
        words = working.decision_in_words(decision)
    assert words == (
        "应到62家，实到42家，法定数42家（62家的2/3）：已达到；"
        "有效票40票中赞成31票，须27票（2/3以上，按40票计）：通过"
    )


def test_where_votes_are_weighed_they_are_counted_and_not_units(decision: Decision) -> None:
    assert working.quorum_in_words(decision.quorum, weighed=True).startswith("42 of 62 votes")


def test_a_missed_quorum_is_said_and_nothing_is_carried() -> None:
    result = decide(
        Votes(favour=41), present=41, eligible=62, quorum_share=TWO_THIRDS, majority=Majority()
    )
    words = working.decision_in_words(result)
    assert "quorum 42 (2/3 of 62): not met" in words
    assert words.endswith(
        "41 in favour of 41 present, needed 21 (more than 1/2 of 41): not carried"
    )


def test_all_are_called_all() -> None:
    rule = MatterRule(quorum_numerator=3, quorum_denominator=3, strict=False, base="eligible")
    rule.majority_numerator, rule.majority_denominator = 1, 1
    assert working.rule_in_words(rule) == (
        "all those entitled must be present; all of those entitled in favour"
    )
    assert working.quorum_in_words(quorum(5, 6, Fraction(1))) == (
        "5 of 6 units present, quorum 6 (all of 6): not met"
    )


def test_a_rule_in_words_and_as_the_engine_takes_it() -> None:
    rule = MatterRule()
    assert working.rule_in_words(rule) == (
        "2/3 of those entitled must be present; more than 1/2 of those present in favour"
    )
    assert working.as_rule(rule) == (TWO_THIRDS, Majority(Fraction(1, 2), True, Base.PRESENT))


def test_a_decision_survives_json(decision: Decision) -> None:
    kept = json.loads(json.dumps(working.stored(decision)))
    assert working.restored(kept) == decision
    assert working.restored(kept).majority.base is Base.VALID
