"""The numbers on public homes: each is counted now, and opens to the rows that it counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement
from silian.governance.bodies.models import Body
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.industry.demand.models import Position
from silian.talent.placement.models import Placement
from silian.talent.rounds.models import Round


@dataclass(frozen=True)
class Tile:
    """A number with its name, and the page that shows what was counted."""

    label: str
    value: int
    url: str = ""
    icon: str = ""


MEMBER = Q(memberships__state=Membership.State.ADMITTED)
PUBLISHED = Q(positions__state=Position.State.PUBLISHED)


def consortia_with_counts() -> Iterable[Consortium]:
    """Every consortium with ``member_count``, ``position_count`` and ``people_needed``."""
    consortia = Consortium.objects.annotate(
        member_count=Count("memberships", filter=MEMBER, distinct=True),
        position_count=Count("positions", filter=PUBLISHED, distinct=True),
    )
    needed = Position.objects.published().values_list("consortium").annotate(Sum("places"))
    people = dict(needed)
    for consortium in consortia.select_related("region"):
        consortium.people_needed = people.get(consortium.pk, 0)  # type: ignore[attr-defined]
        yield consortium


def of_installation() -> list[Tile]:
    """What all consortia have together."""
    positions = Position.objects.published()
    members = Organisation.objects.filter(MEMBER).distinct()
    return [
        Tile(_("Consortia"), Consortium.objects.count(), "", "sitemap"),
        Tile(_("Member organisations"), members.count(), reverse("directory:organisation_index")),
        Tile(_("Published positions"), positions.count(), reverse("hall:everywhere")),
        Tile(_("People needed"), positions.aggregate(n=Sum("places"))["n"] or 0),
        Tile(_("Agreements in force"), Agreement.objects.filter(state="signed").count()),
        Tile(_("Confirmed placements"), Placement.objects.filter(state="confirmed").count()),
    ]


def of_consortium(consortium: Consortium) -> list[Tile]:
    """What one consortium has, each number opening to its list."""

    def page(name: str) -> str:
        return reverse(name, args=[consortium])

    positions = Position.objects.published().filter(consortium=consortium)
    members = Membership.objects.current().filter(consortium=consortium)
    bodies = Body.objects.filter(consortium=consortium, state=Body.State.RUNNING)
    signed = Agreement.objects.filter(consortium=consortium, state=Agreement.State.SIGNED)
    rounds = Round.objects.filter(consortium=consortium, state__in=Round.ANNOUNCED)
    needed = positions.aggregate(n=Sum("places"))["n"] or 0
    demand = page("hall:hall")
    return [
        Tile(_("Members"), members.count(), page("members:member_index"), "users-group"),
        Tile(_("Bodies"), bodies.count(), page("bodies:body_index"), "building-community"),
        Tile(_("Agreements in force"), signed.count(), page("agreements:agreement_index"), "file"),
        Tile(_("Published positions"), positions.count(), demand, "briefcase"),
        Tile(_("People needed"), needed, demand, "users"),
        Tile(_("Placement rounds"), rounds.count(), page("rounds:round_index"), "arrows-exchange"),
    ]


def members_by_kind(consortium: Consortium) -> list[tuple[str, int]]:
    """How many current members there are of each kind of organisation; labels in words."""
    labels = dict(Organisation.Kind.choices)
    counted = (
        Membership.objects.current()
        .filter(consortium=consortium)
        .values_list("organisation__kind")
        .annotate(n=Count("pk"))
        .order_by("-n")
    )
    return [(str(labels[kind]), number) for kind, number in counted]
