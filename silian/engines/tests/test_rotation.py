"""Turns of a practical exam: the theorems of the plan, with whatever stations and breaks."""

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from silian.engines.rotation import Place, Slot, least, longest, room_between, rotation

places = st.lists(
    st.builds(Place, minutes=st.integers(5, 90), desks=st.integers(1, 4)), min_size=1, max_size=5
)
pauses = st.lists(st.integers(30, 200), max_size=6).map(
    lambda steps: [
        (sum(steps[: n + 1]) + 20 * n, sum(steps[: n + 1]) + 20 * (n + 1))
        for n in range(len(steps))
    ]
)


def end_of(plan: list[Slot]) -> int:
    return max(slot.end for slot in plan)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 12), places, st.integers(0, 15), pauses, st.integers(0, 99))
def test_everybody_gets_every_station_once_and_nothing_overlaps(
    people: int, stations: list[Place], gap: int, breaks: list[tuple[int, int]], seed: int
) -> None:
    plan = rotation(people, stations, gap=gap, breaks=breaks, seed=seed)
    pairs = [(slot.person, slot.place) for slot in plan]
    assert sorted(pairs) == [
        (one, place) for one in range(people) for place in range(len(stations))
    ]
    used = defaultdict(list)
    for slot in plan:
        assert slot.end - slot.start == stations[slot.place].minutes
        assert 1 <= slot.desk <= stations[slot.place].desks
        assert not any(first < slot.end and slot.start < last for first, last in breaks)
        used["person", slot.person].append(slot)
        used[slot.place, slot.desk].append(slot)
    for row in used.values():
        for one, after in pairwise(sorted(row, key=lambda slot: slot.start)):
            assert after.start >= one.end + gap
    assert end_of(plan) <= longest(people, stations, gap=gap, breaks=breaks)
    assert end_of(plan) >= least(people, stations, gap=gap)
    assert plan == rotation(people, stations, gap=gap, breaks=breaks, seed=seed)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6])
def test_a_circle_of_equal_stations_loses_no_minute(size: int) -> None:
    for people in (size, 2 * size, 3 * size):
        plan = rotation(people, [Place(30)] * size, gap=5)
        assert end_of(plan) == least(people, [Place(30)] * size, gap=5)


def test_unequal_stations_end_near_what_is_possible() -> None:
    """What a school does on a day: thirty people, more desks where it takes longer."""
    stations = [Place(60, 6), Place(30, 3), Place(20, 2)]
    plan = rotation(30, stations, gap=5)
    assert end_of(plan) <= 1.15 * least(30, stations, gap=5)


def test_breaks_are_kept_free_and_cost_little() -> None:
    stations = [Place(50), Place(50), Place(50)]
    plan = rotation(6, stations, gap=10, breaks=[(180, 270)])
    assert not any(slot.start < 270 and slot.end > 180 for slot in plan)
    assert end_of(plan) == 270 + 170


def test_nobody_or_nothing_needs_no_plan() -> None:
    assert rotation(0, [Place(30)], gap=5) == [] == rotation(3, [], gap=5)
    assert least(0, [], gap=5) == 0 == longest(0, [], gap=5)


def test_a_turn_that_fits_between_no_breaks_is_noticed() -> None:
    assert room_between([Place(60)], [(60, 90)]) and room_between([Place(60)], [])
    assert not room_between([Place(61)], [(60, 90), (150, 160)])
