"""Everything that the platform holds on a person: for their export, and for what is deleted.

An app that keeps something about people says so once, in its ``receivers.py``::

    holdings.register(
        Holding(
            name="wishes",
            title=_("Wishes"),
            rows=lambda person: [{_("choice"): "1", …}, …],
            forget=services.forget_wishes,  # removes or anonymises; or
            stays=_("Published results show codes only and are kept …"),  # why it is kept
        )
    )

With both, ``forget`` removes a part and ``stays`` says what of it is kept and why.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from silian.kernel.persons.models import Person

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Row = Mapping[str, str]  # what it is called, in the reader's language, and what it says


@dataclass(frozen=True)
class Holding:
    """One kind of data about people."""

    name: str  # in the JSON export
    title: "str | _StrPromise"
    rows: Callable[[Person], Iterable[Row]]
    forget: Callable[[Person], None] | None = None
    stays: "str | _StrPromise" = ""

    def __post_init__(self) -> None:
        if self.forget is None and not self.stays:
            raise ValueError(f"{self.name}: say how it is forgotten, or why it stays")


@dataclass(frozen=True)
class Held:
    """What one holding has of one person, in the reader's language."""

    name: str
    title: str
    rows: list[Row]
    goes: bool
    stays: str


_known: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    _known[holding.name] = holding


def held_of(person: Person) -> list[Held]:
    """All that is held of ``person``, also where it is nothing yet."""
    return [
        Held(one.name, str(one.title), list(one.rows(person)), bool(one.forget), str(one.stays))
        for one in _known.values()
    ]


def forget_all(person: Person) -> None:
    """Let every app remove what need not stay; what is registered first goes last."""
    for one in reversed(_known.values()):
        if one.forget:
            one.forget(person)
