"""What else there is for one's enrolment: receipts, homework, forms. Apps above add it.

In their ``receivers.py``, for many enrolments at once::

    @panels.source
    def receipts(user: User, enrolments: list[Enrolment]) -> Iterable[tuple[int, Link]]: ...
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from silian.education.enrolments.models import Enrolment
from silian.kernel.accounts.models import User


@dataclass(frozen=True)
class Link:
    """One line beside an enrolment; ``waits`` where its reader has something to do."""

    label: str
    url: str
    waits: bool = False


Source = Callable[[User, list[Enrolment]], Iterable[tuple[int, Link]]]  # by key of the enrolment
sources: list[Source] = []


def source(function: Source) -> Source:
    sources.append(function)
    return function


def links_for(user: User, enrolments: list[Enrolment]) -> dict[int, list[Link]]:
    """What waits comes first."""
    found: dict[int, list[Link]] = defaultdict(list)
    for ask in sources:
        for key, link in ask(user, enrolments):
            found[key].append(link)
    return {key: sorted(links, key=lambda link: not link.waits) for key, links in found.items()}
