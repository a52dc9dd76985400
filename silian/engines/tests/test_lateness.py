"""Turns wait for their desk and for their candidate, and for nothing else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from silian.engines.lateness import Turn, expected

NINE = datetime(2026, 5, 1, 9, tzinfo=UTC)
PAUSE = timedelta(minutes=5)


def at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def turn(key: int, desk: int, entrant: int, planned: int, **facts: object) -> Turn:
    length = timedelta(minutes=30)
    return Turn(key, (1, desk), entrant, at(planned), length, **facts)  # type: ignore[arg-type]


def test_a_plan_that_is_kept_moves_nothing() -> None:
    plan = [turn(1, 1, 1, 0), turn(2, 1, 2, 35), turn(3, 2, 2, 0), turn(4, 2, 1, 35)]
    begins = expected(plan, pause=PAUSE, now=NINE)
    assert begins == {1: at(0), 2: at(35), 3: at(0), 4: at(35)}


def test_time_given_back_delays_who_comes_next_to_the_desk_and_the_candidate_elsewhere() -> None:
    late = turn(1, 1, 1, 0, begun_at=at(0), ends_at=at(42))
    plan = [late, turn(2, 1, 2, 35), turn(3, 2, 1, 35), turn(4, 3, 3, 35)]
    begins = expected(plan, pause=PAUSE, now=at(20))
    assert begins == {1: at(0), 2: at(47), 3: at(47), 4: at(35)}


def test_nobody_waits_for_somebody_who_did_not_come() -> None:
    begins = expected([turn(1, 1, 1, 0, missed=True), turn(2, 1, 2, 5)], pause=PAUSE, now=NINE)
    assert begins[2] == at(5)


def test_what_has_not_begun_begins_now_at_the_earliest() -> None:
    assert expected([turn(1, 1, 1, 0)], pause=PAUSE, now=at(10)) == {1: at(10)}


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(0, 200)), max_size=12))
def test_no_desk_and_no_candidate_is_busy_twice(rows: list[tuple[int, int, int]]) -> None:
    plan = [turn(key, *row) for key, row in enumerate(rows)]
    begins = expected(plan, pause=PAUSE, now=NINE)
    for one in plan:
        assert begins[one.key] >= one.planned
        for other in plan:
            shared = one.desk == other.desk or one.entrant == other.entrant
            if one.key < other.key and shared:
                gap = abs(begins[one.key] - begins[other.key])
                assert gap >= one.length + PAUSE
