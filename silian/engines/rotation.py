"""Who works when at which station of a practical exam.

Everybody works once at every station. Nobody is at two places and no desk holds two; between two
turns of a person, and of a desk, lies the ``gap``; no turn reaches into a break.

Method: go through the moments at which a person, a desk or the day becomes free, and let everybody
begin who can (list scheduling). Whom a station takes first is tried in several ways: each person in
a circle of their own (which is the shortest plan where all stations last equally long), whoever has
most work left, and in orders drawn by the seed. The plan that ends first is kept, and of two that
end together the one in which people wait less.

Whichever is kept, no moment passes in which a free desk stands beside somebody free who needs it.
Therefore, as for every such "dense" plan of an open shop with parallel machines,

    end + gap <= 2 * whole + (for each break begun: its length + the longest turn)

where ``whole`` (``least`` + gap) is the larger of what one person's turns and the busiest station's
turns take: while the last turn waits, its person is at work elsewhere or all desks of its station
are taken. No plan ends before ``least``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random

DRAWN = 6  # orders that are tried besides
ENOUGH = 4000  # turns beyond which the first two ways have to do
Breaks = Sequence[tuple[int, int]]
Rule = Callable[[int, int, int], tuple[float, ...]]  # person, place, turns left: least first


@dataclass(frozen=True)
class Place:
    """A station: so long is a turn, so many work at once."""

    minutes: int
    desks: int = 1


@dataclass(frozen=True)
class Slot:
    """A turn; ``person`` and ``place`` count from 0, ``desk`` from 1; minutes from the start."""

    person: int
    place: int
    desk: int
    start: int
    end: int


def rotation(
    people: int, places: Sequence[Place], *, gap: int, breaks: Breaks = (), seed: int = 0
) -> list[Slot]:
    """The turns in the order in which they begin. ``breaks`` come in order and do not touch."""
    if not people or not places:
        return []
    rules = _rules(people, len(places), seed)
    tried = rules[:2] if people * len(places) > ENOUGH else rules
    goal, best = least(people, places, gap=gap), None
    for rule in tried:
        plan = _plan(people, places, gap, breaks, rule)
        if best is None or _cost(plan) < _cost(best):
            best = plan
        if _cost(best)[0] == goal:
            break
    return best or []


def least(people: int, places: Sequence[Place], *, gap: int) -> int:
    """No plan ends earlier, were there no breaks."""
    if not people or not places:
        return 0
    one = sum(place.minutes + gap for place in places)
    busiest = max(ceil(people / place.desks) * (place.minutes + gap) for place in places)
    return max(one, busiest) - gap


def longest(people: int, places: Sequence[Place], *, gap: int, breaks: Breaks = ()) -> int:
    """No plan of ours ends later."""
    if not people or not places:
        return 0
    end = 2 * (least(people, places, gap=gap) + gap) - gap
    turn = max(place.minutes for place in places)
    for first, last in breaks:
        if first < end:
            end += last - first + turn
    return end


def room_between(places: Sequence[Place], breaks: Breaks) -> bool:
    """Is there a stretch before the last break in which the longest turn fits?"""
    if not breaks or not places:
        return True
    begins = [0, *(last for _first, last in breaks)]
    longest_turn = max(place.minutes for place in places)
    stretches = (first - begin for begin, (first, _last) in zip(begins, breaks, strict=False))
    return max(stretches) >= longest_turn


def _rules(people: int, places: int, seed: int) -> list[Rule]:
    """Whom a station takes first, one way after another."""
    draw = Random(seed)  # noqa: S311  to be repeated, not kept secret

    def circling(order: Sequence[int]) -> Rule:
        return lambda person, place, left: (
            (place - order[person] - (places - left)) % places,
            -left,
            order[person],
        )

    def most_left(order: Sequence[int]) -> Rule:
        return lambda person, place, left: (-left, order[person])

    plain = list(range(people))
    found = [circling(plain), most_left(plain)]
    for number in range(DRAWN):
        order = draw.sample(plain, people)
        found.append(most_left(order) if number % 2 else circling(order))
    return found


def _cost(plan: Iterable[Slot]) -> tuple[int, int]:
    """When all is over, and how late people are done on the whole."""
    done: dict[int, int] = {}
    for slot in plan:
        done[slot.person] = max(done.get(slot.person, 0), slot.end)
    return max(done.values()), sum(done.values())


def _plan(people: int, places: Sequence[Place], gap: int, breaks: Breaks, rule: Rule) -> list[Slot]:
    free = [0] * people  # from when each person can begin
    desks = [[0] * place.desks for place in places]
    waiting = [set(range(people)) for _place in places]
    left = [len(places)] * people
    found: list[Slot] = []
    now = 0
    while any(waiting):
        for place in sorted(range(len(places)), key=lambda one: -_load(places, waiting, one)):
            minutes = places[place].minutes
            if not _open(now, now + minutes, breaks):
                continue
            for desk, ready in enumerate(desks[place]):
                able = [one for one in waiting[place] if free[one] <= now] if ready <= now else []
                if able:
                    one = min(able, key=lambda person: rule(person, place, left[person]))
                    waiting[place].remove(one)
                    left[one] -= 1
                    free[one] = desks[place][desk] = now + minutes + gap
                    found.append(Slot(one, place, desk + 1, now, now + minutes))
        now = _next(now, free, desks, breaks)
    return found


def _load(places: Sequence[Place], waiting: Sequence[set[int]], place: int) -> float:
    return len(waiting[place]) * places[place].minutes / places[place].desks


def _open(start: int, end: int, breaks: Breaks) -> bool:
    return not any(first < end and start < last for first, last in breaks)


def _next(now: int, free: Sequence[int], desks: Sequence[Sequence[int]], breaks: Breaks) -> int:
    """The next moment at which somebody, a desk or the day becomes free."""
    moments = [*free, *(ready for row in desks for ready in row), *(last for _f, last in breaks)]
    return min((moment for moment in moments if moment > now), default=now + 1)
