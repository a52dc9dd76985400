"""The shape of the menu. ``portal.navigation`` fills it; the layout draws it and knows no more."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Item:
    """One line of a menu: where it leads, and how much waits there."""

    label: str
    url: str
    active: bool = False
    count: int = 0


@dataclass(frozen=True)
class Section:
    """Lines that belong together, under a heading with an icon of the sprite."""

    label: str
    icon: str
    items: Sequence[Item]

    @property
    def active(self) -> bool:
        return any(item.active for item in self.items)


@dataclass(frozen=True)
class Navigation:
    """Everything the layout shows around a page.

    Without ``sections`` there is no side bar: public pages look like that.
    """

    consortium_label: str = ""  # where the reader is; empty outside every consortium
    consortium_url: str = ""
    sections: Sequence[Section] = ()
    places: Sequence[Item] = ()  # all consortia
    roles: Sequence[Item] = ()  # what the reader may act as; an address opens that workspace
    account: Sequence[Item] = field(default=())  # lines of the reader's own menu
    unread: int = 0
    todo: int | None = 0  # None: to be asked for at ``count_url``
    home_url: str = "/"
    search_url: str = "/search/"
    notices_url: str = "/notices/"
    todo_url: str = "/me/"
    count_url: str = ""

    @property
    def role(self) -> Item | None:
        """What the reader acts as now."""
        return next((item for item in self.roles if item.active), None)
