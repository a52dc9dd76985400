"""What else there is for a result, such as a certificate. Apps above add it.

In their ``receivers.py``, for many entries at once::

    @links.source
    def certificates(user: User, entries: list[Entry]) -> Iterable[tuple[int, Link]]: ...
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from silian.education.skillappraisals.models import Entry
from silian.kernel.accounts.models import User


@dataclass(frozen=True)
class Link:
    label: str
    url: str


Source = Callable[[User, list[Entry]], Iterable[tuple[int, Link]]]  # by key of the entry
sources: list[Source] = []


def source(function: Source) -> Source:
    sources.append(function)
    return function


def links_for(user: User, entries: list[Entry]) -> dict[int, list[Link]]:
    found: dict[int, list[Link]] = defaultdict(list)
    for ask in sources:
        for key, link in ask(user, entries):
            found[key].append(link)
    return found
