from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from silian.engines.scoring import RULES, by_hand, normalised, number_of, score, shares

POINTS = Decimal(3)
CONTENTS: dict[str, tuple[dict[str, Any], Any]] = {
    "single": ({"kind": "single"}, "b"),
    "multiple": ({"kind": "multiple"}, ["a", "c", "d"]),
    "truefalse": ({"kind": "truefalse"}, False),
    "blank": ({"kind": "blank", "blanks": 2}, [["主轴", "spindle"], ["0.02"]]),
    "order": ({"kind": "order"}, ["c", "a", "b"]),
    "match": ({"kind": "match"}, {"a": "2", "b": "1"}),
    "number": ({"kind": "number"}, {"value": "3.14", "tolerance": "0.01"}),
    "short": ({"kind": "short"}, ["对刀", "Tool setting"]),
}
RIGHT: dict[str, Any] = {kind: key for kind, (_c, key) in CONTENTS.items()} | {
    "blank": ["Spindle", " 0.02 "],
    "number": "3.15",
    "short": "对 刀",
}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", CONTENTS)
@pytest.mark.parametrize("rule", RULES)
def test_the_right_answer_has_all_points(kind: str, rule: str) -> None:
    content, key = CONTENTS[kind]
    assert score(content, key, RIGHT[kind], POINTS, rule) == POINTS


@given(st.sampled_from(sorted(CONTENTS)), anything, st.sampled_from(RULES))
def test_whatever_is_sent_scores_within_bounds(kind: str, response: Any, rule: str) -> None:
    content, key = CONTENTS[kind]
    found = score(content, key, response, POINTS, rule)
    assert found is not None and 0 <= found <= POINTS
    assert found == score(content, key, response, POINTS, rule)


@given(st.sets(st.sampled_from("abcdef")))
def test_rules_are_ordered_for_several_choices(taken: set[str]) -> None:
    content, key = CONTENTS["multiple"]
    every = [score(content, key, sorted(taken), POINTS, rule) for rule in ("all", "partial")]
    assert every[0] is not None and every[1] is not None and every[0] <= every[1]
    penalised = score(content, key, sorted(taken), POINTS, "penalty")
    right, wrong = len(taken & set(key)), len(taken - set(key))
    assert penalised == max(0, right - wrong)
    assert every[1] == (0 if wrong else right)


@pytest.mark.parametrize(
    ("kind", "response", "rule", "points"),
    [
        ("single", "a", "partial", "0"),
        ("truefalse", 0, "all", "0"),  # a number is no answer to a question of yes and no
        ("multiple", ["a"], "all", "0"),
        ("multiple", ["a"], "partial", "1"),
        ("multiple", ["a", "b"], "partial", "0"),
        ("blank", ["主轴", "0.03"], "partial", "1.5"),
        ("blank", ["主轴", "0.03"], "penalty", "0"),
        ("blank", ["主轴"], "penalty", "1.5"),
        ("order", ["c", "b", "a"], "all", "0"),
        ("order", ["c", "b", "a"], "partial", "1"),
        ("match", {"a": "2", "b": "2"}, "partial", "1.5"),
        ("match", {"a": "2"}, "penalty", "1.5"),
        ("number", "3.1501", "all", "0"),
        ("number", "３．１４", "all", "3"),
        ("number", "nan", "all", "0"),
        ("number", "1e999999999", "all", "0"),
        ("short", "对刀仪", "all", "0"),
    ],
)
def test_rules_by_example(kind: str, response: Any, rule: str, points: str) -> None:
    content, key = CONTENTS[kind]
    assert score(content, key, response, POINTS, rule) == Decimal(points)


def test_what_people_judge_has_no_score_unless_nothing_was_answered() -> None:
    essay, short = {"kind": "essay"}, {"kind": "short"}
    assert score(essay, None, "先断电", POINTS) is None and score(short, [], "x", POINTS) is None
    assert score(essay, None, "  ", POINTS) == 0
    case = {"kind": "case", "parts": [{"kind": "single"}, {"kind": "essay"}]}
    assert score(case, ["a", None], ["a", "见图"], POINTS) is None
    assert score(case, ["a", None], ["a"], POINTS) == Decimal("1.5")
    assert by_hand(case, ["a", None]) and not by_hand({"kind": "single"}, "a")


@given(st.text())
@example("r\u00b8")  # a spacing cedilla falls apart into a space and what composes with the r
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once


@given(st.decimals(0, 1000, places=2), st.integers(1, 30))
def test_shares_add_up(points: Decimal, count: int) -> None:
    each = shares(points, count)
    assert sum(each) == points and len(each) == count and min(each) >= 0


@given(st.text())
def test_a_number_is_found_or_not_but_never_fails(text: str) -> None:
    found = number_of(text)
    assert found is None or found.is_finite()
