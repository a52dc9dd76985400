"""Proofs against the definitions, explanations against the result, and the published bundle."""

import csv
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from silian.engines import verify_bundle
from silian.engines.explain import (
    Fault,
    Outcome,
    Reason,
    Violation,
    WishOutcome,
    digest,
    explain,
    is_student_optimal,
    read_bundle,
    verify,
    write_bundle,
)
from silian.engines.matching import Market, Position, match
from silian.engines.tests.markets import (
    Lists,
    as_matching,
    every_assignment,
    granted,
    is_stable,
    positions_propose,
    rounds,
    students_propose,
)

# Proofs


@given(rounds(students=4, positions=3))
@settings(max_examples=60, deadline=None)
def test_verify_and_the_certificate_judge_every_assignment_right(lists):
    market, best = lists.market(), students_propose(lists)
    for got in every_assignment(lists):
        matching = as_matching(lists, market, got)
        stable = is_stable(lists, got)
        assert (verify(market, matching) == []) == stable
        if stable:
            assert is_student_optimal(market, matching) == (got == best)


@given(rounds(students=9, positions=5))
def test_what_positions_propose_is_stable_but_rarely_best_for_students(lists):
    market, theirs = lists.market(), positions_propose(lists)
    matching = as_matching(lists, market, theirs)
    assert verify(market, matching) == []
    assert is_student_optimal(market, matching) == (theirs == granted(market, match(market)))
    assert is_student_optimal(market, match(market))


def test_the_certificate_tells_opposed_optima_apart():
    lists = opposed()
    market = lists.market()
    theirs = as_matching(lists, market, positions_propose(lists))
    assert verify(market, theirs) == []
    assert not is_student_optimal(market, theirs)
    assert is_student_optimal(market, match(market))


def opposed():
    """Two students and two positions who each like best what the other side likes least."""
    return Lists(
        {"a": ["p", "q"], "b": ["q", "p"]},
        {"p": Position(1, ranking=["b", "a"]), "q": Position(1, ranking=["a", "b"])},
    )


def test_each_fault_of_a_result_is_named():
    market = Market.from_lists(
        {"a": ["p", "q"], "b": ["p"], "c": ["q", "p"]},
        {"p": Position(1, ranking=["b", "a", "c"]), "q": Position(1)},
        1,
        ineligible=[("a", "q")],
    )
    good = match(market)
    assert granted(market, good) == {"b": "p", "c": "q"}

    def faults(assignment, wishes, cutoffs=good.cutoffs):
        return verify(
            market,
            replace(
                good, assignment=np.array(assignment), wishes=np.array(wishes), cutoffs=cutoffs
            ),
        )

    assert faults([-1, 0, 1], [-1, 0, 0]) == []
    assert faults([-1, 1, 1], [-1, 0, 0]) == [Violation(Fault.NOT_WISHED, 1, 1)]
    assert faults([-1, 0, 1], [-1, 0, 5]) == [Violation(Fault.NOT_WISHED, 1, 2)]
    assert faults([1, 0, -1], [1, 0, -1]) == [Violation(Fault.NOT_ELIGIBLE, 1, 0)]
    assert Violation(Fault.OVER_QUOTA, 0) in faults([0, 0, 1], [0, 0, 0])
    assert Violation(Fault.BLOCKING_PAIR, 0, 1) in faults([0, -1, 1], [0, -1, 0])
    assert faults([-1, 0, 1], [-1, 0, 0], good.cutoffs + 1) == [
        Violation(Fault.WRONG_CUTOFF, 0),
        Violation(Fault.WRONG_CUTOFF, 1),
    ]


# Explanations


@given(rounds())
def test_explanations_agree_with_the_result(lists):
    market = lists.market()
    matching = match(market)
    got = granted(market, matching)
    for number, student in enumerate(market.student_ids):
        outcomes = explain(market, matching, number)
        wishes = [market.position_ids[o.position] for o in outcomes]
        assert wishes == lists.wishes[student]
        assert [o.wish for o in outcomes] == list(range(len(wishes)))
        for position, outcome in zip(wishes, outcomes, strict=True):
            assert outcome.outcome == expected_outcome(lists, got, student, position)
            if outcome.outcome == Outcome.PASSED_OVER:
                check_passed_over(lists, got, student, position, outcome)


def expected_outcome(lists, got, student, position):
    wishes = lists.wishes[student]
    if (student, position) in lists.ineligible:
        return Outcome.NOT_ELIGIBLE
    if not lists.takes(student, position):
        return Outcome.NOT_RANKED
    if got.get(student) == position:
        return Outcome.HELD
    if student in got and wishes.index(got[student]) < wishes.index(position):
        return Outcome.NOT_REACHED
    return Outcome.PASSED_OVER if lists.positions[position].quota else Outcome.NO_PLACES


def check_passed_over(lists, got, student, position, outcome):
    holders = [s for s, p in got.items() if p == position]
    mine = lists.key(student, position)
    last = max(lists.key(s, position) for s in holders)
    assert outcome.holders == len(holders) == lists.positions[position].quota
    assert last < mine
    decided = next(i for i in range(3) if last[i] != mine[i])
    assert outcome.decided_by == list(Reason)[decided]
    assert outcome.points_short == (mine[1] - last[1] if decided == 1 else 0)


def test_an_explanation_reads_like_a_letter():
    positions = {
        "p": Position(1, ranking=["b"], points={"a": 9000}),
        "q": Position(1, points={"a": 8000, "c": 8150}),
        "r": Position(3),
        "t": Position(0),
    }
    wishes = {"a": ["t", "p", "q", "r"], "b": ["p"], "c": ["q"]}
    market = Market.from_lists(wishes, positions, 1)
    p, q, r, t = range(4)
    assert explain(market, match(market), 0) == (
        WishOutcome(0, t, Outcome.NO_PLACES),
        WishOutcome(1, p, Outcome.PASSED_OVER, 1, Reason.RANKING),
        WishOutcome(2, q, Outcome.PASSED_OVER, 1, Reason.POINTS, 150),
        WishOutcome(3, r, Outcome.HELD),
    )


def test_an_unstable_result_is_not_explained_away():
    market = Market.from_lists({"a": ["p"]}, {"p": Position(1)}, 1)
    nothing = replace(match(market), assignment=np.array([-1]), wishes=np.array([-1]))
    with pytest.raises(ValueError, match="not stable"):
        explain(market, nothing, 0)


# Replay


def test_the_digest_is_of_the_inputs_and_nothing_else():
    wishes = {"a": ["p", "q"], "b": ["q"]}
    positions = {"p": Position(1), "q": Position(2, ranking=["b"])}
    market = Market.from_lists(wishes, positions, 1)
    same = Market.from_lists(dict(reversed(wishes.items())), positions, 1)
    narrow = replace(market, offsets=market.offsets.astype(np.int32))
    assert digest(market) == digest(same) == digest(narrow)
    others = [
        Market.from_lists(wishes, positions, 2),
        Market.from_lists({**wishes, "b": []}, positions, 1),
        Market.from_lists({**wishes, "a": ["q", "p"]}, positions, 1),
        Market.from_lists(wishes, {**positions, "p": Position(2)}, 1),
        Market.from_lists(wishes, {**positions, "q": Position(2)}, 1),
        Market.from_lists(wishes, positions, 1, ineligible=[("a", "p")]),
    ]
    assert len({digest(market), *map(digest, others)}) == 1 + len(others)


# The bundle


@given(rounds())
def test_a_bundle_read_back_gives_the_same_result(lists):
    market = lists.market()
    matching = match(market)
    again, published = read_bundle(write_bundle(market, matching))
    assert granted(again, published) == granted(market, matching)
    assert granted(again, match(again)) == granted(market, matching)
    assert verify(again, published) == []


@pytest.fixture
def bundle():
    """Ranking, points and lottery all decide somewhere; one student gets nothing."""
    wishes = {f"{i:03}": ["厂,1", "p2", "p3"] for i in range(12)} | {"x": []}
    positions = {
        "厂,1": Position(2, ranking=["004", "007"]),
        "p2": Position(3, points={f"{i:03}": i for i in range(12)}),
        "p3": Position(4),
    }
    market = Market.from_lists(wishes, positions, 2025, ineligible=[("000", "p3")])
    return write_bundle(market, match(market))


def test_a_bundle_names_no_points_or_ranks(bundle):
    classes = {
        row["student"]: row["class"]
        for row in csv.DictReader(io.StringIO(bundle["inputs.csv"]))
        if row["position"] == "厂,1"
    }
    assert classes == {f"{i:03}": "3" for i in range(12)} | {"004": "1", "007": "2"}
    assert json.loads(bundle["round.json"])["seed"] == "2025"


def check(tmp_path, bundle, zipped=False):
    """Run the script as the public would: a copy of it alone, with nothing else to import."""
    script = shutil.copy(verify_bundle.__file__, tmp_path / "verify_bundle.py")
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name, text in bundle.items():
        (folder / name).write_bytes(text.encode())
    if zipped:
        with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as archive:
            for file in folder.iterdir():
                archive.write(file, file.name)
        folder = tmp_path / "bundle.zip"
    command = [sys.executable, "-I", "-S", script, folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("zipped", [False, True])
def test_the_script_accepts_a_true_bundle(tmp_path, bundle, zipped):
    run = check(tmp_path, bundle, zipped)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "OK: stable, best for students (13 students)\n"


def edit(bundle, name, change, forged=True):
    """Change the rows of one table; a forger who also has round.json mends its hash."""
    rows = list(csv.DictReader(io.StringIO(bundle[name])))
    change(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    about = json.loads(bundle["round.json"])
    if forged:
        about["sha256"][name] = hashlib.sha256(text.getvalue().encode()).hexdigest()
    return {**bundle, name: text.getvalue(), "round.json": json.dumps(about)}


def swap_a_holder_with_one_who_got_nothing(rows):
    placed = next(row for row in rows if row["position"] == "p2")
    without = next(row for row in rows if not row["position"] and row["student"] != "x")
    placed["position"], without["position"] = without["position"], placed["position"]


def better_the_class_of_one_who_got_nothing(rows):
    next(row for row in rows if row["student"] == "001" and row["position"] == "p2")["class"] = "1"


def give_a_place_to_the_ineligible(rows):
    next(row for row in rows if row["student"] == "000")["position"] = "p3"


@pytest.mark.parametrize(
    ("name", "change", "complaint"),
    [
        ("result.csv", swap_a_holder_with_one_who_got_nothing, "comes before one who got it"),
        ("result.csv", give_a_place_to_the_ineligible, "not wished for, or not eligible"),
        ("result.csv", lambda rows: rows.append(dict(rows[0])), "appears twice"),
        ("result.csv", lambda rows: rows.pop(0), "student 000 has no line"),
        ("positions.csv", lambda rows: rows[1].update(quota="2"), "its quota is 2"),
        ("positions.csv", lambda rows: rows[1].update(quota="5"), "which has a place left"),
        ("inputs.csv", better_the_class_of_one_who_got_nothing, "comes before one who got it"),
    ],
)
def test_the_script_refuses_a_forged_bundle(tmp_path, bundle, name, change, complaint):
    run = check(tmp_path, edit(bundle, name, change))
    assert run.returncode == 1
    assert complaint in run.stdout
    assert "FAILED" in run.stdout


def test_the_script_refuses_another_seed_and_a_changed_file(tmp_path, bundle):
    other_seed = {**bundle, "round.json": bundle["round.json"].replace('"2025"', '"2026"')}
    (tmp_path / "seed").mkdir()
    assert "another result" in check(tmp_path / "seed", other_seed).stdout
    changed = edit(bundle, "inputs.csv", lambda rows: rows.reverse(), forged=False)
    (tmp_path / "file").mkdir()
    assert "inputs.csv is not the file" in check(tmp_path / "file", changed).stdout


def test_the_script_says_when_it_cannot_read(tmp_path, bundle):
    del bundle["positions.csv"]
    run = check(tmp_path, bundle)
    assert run.returncode == 2
    assert "Cannot read the bundle" in run.stderr


def test_the_script_is_short_enough_to_read():
    assert len(Path(verify_bundle.__file__).read_text().splitlines()) < 100
