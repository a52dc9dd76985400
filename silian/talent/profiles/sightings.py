"""Who is told that somebody saw the data of people. The app that keeps views registers here:
it stands above this one.
"""

from collections.abc import Callable, Iterable

from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User

watchers: list[Callable[..., None]] = []


def seen(people: Iterable[int], what: str, *, by: User, organisation: Organisation | None) -> None:
    """``by`` saw ``what`` (a msgid) of these people (keys)."""
    for watch in watchers:
        watch(people, what, by=by, organisation=organisation)
