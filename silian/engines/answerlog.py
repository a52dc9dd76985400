"""Which answers of a candidate count, of all that was ever sent.

A paper may be opened several times: after a reload, on another device. Openings are numbered by the
server, and the lines of one opening by the device, so that (opening, number) orders all lines
whenever and however often they arrive. Of each item the last line that counts is the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

SLACK = timedelta(seconds=5)  # for a line that was on its way when the time ended


@dataclass(frozen=True)
class Line:
    """One answer to one item, as it was written at that moment."""

    opening: int
    number: int
    item: str  # "7", of a case "7.2"
    response: Any
    said_at: datetime  # when it was written, as far as the device can be believed
    received_at: datetime  # by the server's clock
    admitted: bool = False  # somebody decided that it counts, although it came too late

    @property
    def place(self) -> tuple[int, int]:
        return self.opening, self.number


@dataclass(frozen=True)
class Answers:
    """What counts by item, and which lines do not because they came too late."""

    by_item: dict[str, Any]
    too_late: tuple[Line, ...]


def counts(line: Line, ends_at: datetime, grace: timedelta) -> bool:
    """Received in time; or written in time and received within ``grace`` after the end."""
    if line.admitted or line.received_at <= ends_at + SLACK:
        return True
    return line.said_at <= ends_at and line.received_at <= ends_at + grace


def answers(lines: Iterable[Line], *, ends_at: datetime, grace: timedelta) -> Answers:
    """The answer to each item; the order of ``lines`` and repeated lines make no difference."""
    last: dict[str, Line] = {}
    late: dict[tuple[int, int], Line] = {}
    for line in lines:
        if not counts(line, ends_at, grace):
            late[line.place] = line
        elif line.item not in last or line.place > last[line.item].place:
            last[line.item] = line
    ordered = tuple(late[place] for place in sorted(late))
    return Answers({item: line.response for item, line in sorted(last.items())}, ordered)
