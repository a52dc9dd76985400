"""What a workspace is made of."""

from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.urls import reverse

from silian.governance.consortia.models import Consortium
from silian.portal.figures import Tile
from silian.talent.rounds.models import Round


@dataclass(frozen=True)
class Door:
    """A way onward: what one does there, in a line."""

    label: str
    url: str
    icon: str
    about: str = ""


@dataclass(frozen=True)
class Workspace:
    title: str
    subtitle: str = ""
    tiles: list[Tile] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    rounds: QuerySet[Round] | None = None


def consortium_door(consortium: Consortium) -> Door:
    address = reverse("portal:consortium_home", args=[consortium])
    return Door(consortium.short_name, address, "sitemap", consortium.name)
