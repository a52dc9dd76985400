"""Whom a session concerns, and what follows from a change of it.

An app above says so in its ``receivers.py``::

    @audiences.source
    def learners_of(session: Session) -> QuerySet[User]: ...

    @audiences.follower
    def fill_places(session: Session, *, by: User) -> None: ...
"""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from silian.education.courses.models import Session
from silian.kernel.accounts.models import User

Source = Callable[[Session], QuerySet[User]]
sources: list[Source] = []
followers: list[Callable[..., None]] = []


def source(function: Source) -> Source:
    sources.append(function)
    return function


def audience_of(session: Session) -> QuerySet[User]:
    """Everybody with an account whom a change of ``session`` concerns."""
    found = Q(pk__in=session.teachers.values("pk"))
    for ask in sources:
        found |= Q(pk__in=ask(session).values("pk"))
    return User.objects.filter(found, is_active=True)


def follower(function: Callable[..., None]) -> Callable[..., None]:
    followers.append(function)
    return function


def followed(session: Session, *, by: User) -> None:
    """Let those above do what follows, in the same transaction."""
    for follow in followers:
        follow(session, by=by)
