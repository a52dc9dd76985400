"""Who must sign in how."""

from collections.abc import Callable

from django.conf import settings

from silian.kernel.accounts.models import User

Holds = Callable[[User], bool]
groups: dict[str, Holds] = {
    "everyone": lambda user: True,
    "administrators": lambda user: bool(user.duty),
}


def second_factor_group(name: str) -> Callable[[Holds], Holds]:
    """Let a higher app name a group of people that SILIAN_REQUIRE_SECOND_FACTOR may list."""

    def register(function: Holds) -> Holds:
        groups[name] = function
        return function

    return register


def needs_second_factor(user: User) -> bool:
    """Is ``user`` in one of the groups of settings.REQUIRE_SECOND_FACTOR?"""
    return any(groups[name](user) for name in settings.REQUIRE_SECOND_FACTOR if name in groups)
