"""What a workspace is made of."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
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


def consortia_of(organisation: Organisation) -> QuerySet[Consortium]:
    current = Q(memberships__organisation=organisation, memberships__state="admitted")
    return Consortium.objects.filter(current).distinct()


def cohort_doors(organisation: Organisation) -> list[Door]:
    """The classes that a school or an enterprise trains together with others."""
    return [
        Door(
            _("Cohorts"),
            reverse("cohorts:cohort_index", args=[consortium]),
            "users-group",
            consortium.short_name,
        )
        for consortium in consortia_of(organisation)
    ]


def course_doors(organisation: Organisation) -> list[Door]:
    """Where it sends its people to learn, or teaches others."""
    return [
        Door(
            _("Courses"),
            reverse("courses:catalogue", args=[consortium]),
            "school",
            consortium.short_name,
        )
        for consortium in consortia_of(organisation)
    ]


def internship_doors(organisation: Organisation) -> list[Door]:
    return [
        Door(
            _("Internships"),
            reverse("internships:internship_index", args=[consortium]),
            "clipboard-list",
            consortium.short_name,
        )
        for consortium in consortia_of(organisation)
    ]
