"""What hangs on a skill. Each app that uses skills says so in its ``receivers.py``::

    @links.source(_("Positions that ask for it"))
    def positions(skill: Skill, user: Viewer) -> Iterable[Link]: ...

It gives what ``user`` may see of it and nothing else; where it gives nothing, the page is silent.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from silian.governance.roles.policy import Viewer
from silian.industry.occupations.models import Skill

SHOWN = 50  # of each kind


@dataclass(frozen=True)
class Link:
    """One thing that asks for, teaches or tests a skill."""

    label: str
    url: str = ""
    note: str = ""


Source = Callable[[Skill, Viewer], Iterable[Link]]
_sources: list[tuple[Any, Source]] = []


def source(title: Any) -> Callable[[Source], Source]:
    """Decorator: the page of a skill lists what this gives under ``title``."""

    def registered(given: Source) -> Source:
        _sources.append((title, given))
        return given

    return registered


def links_of(skill: Skill, user: Viewer) -> list[tuple[Any, list[Link]]]:
    """All kinds of which there is something, each with its links."""
    found = ((title, list(islice(given(skill, user), SHOWN))) for title, given in _sources)
    return [(title, links) for title, links in found if links]
