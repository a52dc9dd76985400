"""Numbers by a pattern: what a number begins with, and the number of each serial.

A pattern is a text with places in braces, ``{prefix}{year}{serial:5}``. Its stem is what it says
without the serial; whoever gives numbers counts serials of one stem.
"""

import re
from dataclasses import dataclass

PLACES = ("prefix", "year", "yy", "level")
PLACE = re.compile(r"\{(\w+)(?::(\d))?\}")
FIXED = re.compile(r"[A-Z0-9-]*")
SKILL_PREFIX = re.compile(r"[YS]\d{12}")  # Y or S, body 4, province 2, serial of the body 6
SKILL_NUMBER = r"^[YS]\d{14}[1-5]\d{6}$"
UPPER_NUMBER = r"^[A-Z]{2}\d{20}$"  # outside the five levels the second letter tells the level


@dataclass(frozen=True)
class Stem:
    """What all numbers of one series share: before the serial, after it, and its digits."""

    before: str
    after: str
    digits: int

    @property
    def key(self) -> str:
        return f"{self.before}#{self.after}"

    def number(self, serial: int) -> str:
        """The number of ``serial``; ValueError where the digits are used up."""
        if not 0 < serial < 10**self.digits:
            raise ValueError(f"{serial} does not fit {self.digits} digits")
        return f"{self.before}{serial:0{self.digits}}{self.after}"


def fault(pattern: str) -> str:
    """What is wrong with ``pattern``: "serial", "year", "place" or "letter"; empty if nothing."""
    found = PLACE.findall(pattern)
    names = [name for name, _digits in found]
    if names.count("serial") != 1 or not _digits_of(found):
        return "serial"
    if not {"year", "yy"} & set(names):
        return "year"
    if set(names) - {*PLACES, "serial"}:
        return "place"
    return "" if FIXED.fullmatch(PLACE.sub("", pattern)) else "letter"


def stem(pattern: str, *, prefix: str, year: int, level: str = "") -> Stem:
    """The stem of ``pattern`` with its places filled."""
    facts = {"prefix": prefix, "year": f"{year}", "yy": f"{year % 100:02}", "level": level}
    filled = PLACE.sub(lambda place: facts.get(place[1], place[0]), pattern)
    before, after = re.split(r"\{serial:\d\}", filled)
    return Stem(before, after, _digits_of(PLACE.findall(pattern)))


def skill_stem(prefix: str, *, year: int, mark: str) -> Stem:
    """The stem of a skill-level certificate, 22 characters with its serial.

    A digit is one of the five levels and stands after the year. A letter is a level beyond them: it
    stands second, so that two letters and twenty digits remain.
    """
    yy = f"{year % 100:02}"
    if mark.isdigit():
        return Stem(f"{prefix}{yy}{mark}", "", 6)
    return Stem(f"{prefix[0]}{mark}{prefix[1:]}{yy}", "", 6)


def _digits_of(found: list[tuple[str, str]]) -> int:
    return next((int(digits or 0) for name, digits in found if name == "serial"), 0)
