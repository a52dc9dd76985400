"""What waits for a person, computed from states whenever it is asked and stored nowhere.

An app adds to it from its ``receivers.py``::

    @todos.source
    def positions_to_review(user: User) -> Iterable[Todo]: ...
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from silian.kernel.accounts.models import User


@dataclass(frozen=True)
class Todo:
    """One line of the list: what to do, where, and since when (or until when) it waits."""

    label: str  # translated
    url: str
    count: int = 1
    due: datetime | None = None
    place: str = ""  # the consortium or organisation it is done for


COUNTED = 60  # seconds for which every page's menu may show the same number
Source = Callable[[User], Iterable[Todo]]
sources: list[Source] = []


def source(function: Source) -> Source:
    sources.append(function)
    return function


def todos_of(user: User) -> list[Todo]:
    """Everything that waits for ``user``; what is due first comes first."""
    found = [todo for ask in sources for todo in ask(user) if todo.count]
    cache.set(key_of(user), len(found), COUNTED)
    return sorted(found, key=lambda todo: (todo.due is None, todo.due and todo.due.timestamp()))


def known_count(user: User) -> int | None:
    """How many lines wait, for the menu: a minute old at most; None after one's own deeds.

    Asking every source takes a while; no page waits for that, its menu asks afterwards.
    """
    known: int | None = cache.get(key_of(user))
    return known


def forget_count(user: User) -> None:
    cache.delete(key_of(user))


def key_of(user: User) -> str:
    return f"todos:{user.pk}"
