"""The accounts that the sign-in page of a demo offers; the demo itself says which."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class DemoAccount:
    """One row of the sign-in page's table."""

    username: str
    password: str
    name: str
    role: str  # translated
    place: str  # the body it belongs to, or ""


Source = Callable[[], Iterable[DemoAccount]]
sources: list[Source] = []


def source(function: Source) -> Source:
    sources.append(function)
    return function


def offered() -> list[DemoAccount]:
    """Nothing at all unless this installation is a demo."""
    return [account for ask in sources for account in ask()] if settings.DEMO else []
