"""What waits for a person, computed from states whenever it is asked and stored nowhere.

An app adds to it from its ``receivers.py``::

    @todos.source
    def positions_to_review(user: User) -> Iterable[Todo]: ...
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from silian.kernel.accounts.models import User


@dataclass(frozen=True)
class Todo:
    """One line of the list: what to do, where, and since when (or until when) it waits."""

    label: str  # translated
    url: str
    count: int = 1
    due: datetime | None = None
    place: str = ""  # the consortium or organisation it is done for


Source = Callable[[User], Iterable[Todo]]
sources: list[Source] = []


def source(function: Source) -> Source:
    sources.append(function)
    return function


def todos_of(user: User) -> list[Todo]:
    """Everything that waits for ``user``; what is due first comes first."""
    found = [todo for ask in sources for todo in ask(user) if todo.count]
    return sorted(found, key=lambda todo: (todo.due is None, todo.due and todo.due.timestamp()))
