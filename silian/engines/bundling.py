"""The tables of the public bundle as text; ``explain.write_bundle`` says what they mean."""

import csv
import io
from collections.abc import Iterable

import numpy as np

from silian.engines.matching import Ints, Market


def wish_table(market: Market) -> str:
    """The wishes as CSV: the one table that is long, so no cell of it is quoted or looked at."""
    owners = np.repeat(np.arange(len(market.student_ids)), np.diff(market.offsets))
    students, places = _cells(market.student_ids), _cells(market.position_ids)
    classes = _classes(market)
    words = ["", *map(str, range(1, int(classes.max(initial=0)) + 1))]
    edges = zip(owners.tolist(), market.positions.tolist(), classes.tolist(), strict=True)
    lines = [f"{students[s]},{places[p]},{words[c]}\n" for s, p, c in edges]
    return "".join(["student,position,class\n", *lines])


def _cells(words: Iterable[str]) -> list[str]:
    """Each as a CSV writer would write it."""
    return [word if word.isalnum() else table((word,), ()).rstrip("\n") for word in words]


def table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue()


def _classes(market: Market) -> Ints:
    """Return (E,) each edge's class among those of its position: 1 comes first, 0 is out."""
    edges = np.flatnonzero(market.priorities >= 0)
    edges = edges[np.lexsort((market.priorities[edges], market.positions[edges]))]
    begins = np.diff(market.positions[edges], prepend=-1) != 0
    steps = np.cumsum(begins | (np.diff(market.priorities[edges], prepend=-1) != 0))
    classes = np.zeros(len(market.positions), np.int64)
    classes[edges] = steps - np.maximum.accumulate(np.where(begins, steps, 0)) + 1
    return classes
