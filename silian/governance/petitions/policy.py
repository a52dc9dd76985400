"""Who may demand an extraordinary meeting, and how many units it takes."""

from dataclasses import dataclass
from math import ceil

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.charters.models import Organ
from silian.governance.charters.policy import charter_of
from silian.governance.consortia.models import Consortium
from silian.governance.council.policy import electorate
from silian.governance.members.models import Membership, Organisation
from silian.governance.petitions.models import Petition
from silian.governance.roles.policy import (
    Viewer,
    is_secretary,
    organisations_of,
    secretariats_of,
)
from silian.kernel.verdicts import YES, Verdict


@dataclass(frozen=True)
class Count:
    """So many of the units of an organ support a petition, and so many must."""

    supporting: int
    units: int
    needed: int

    @property
    def reached(self) -> bool:
        return 0 < self.needed <= self.supporting


def visible_petitions(user: Viewer) -> QuerySet[Petition]:
    """For the members of the consortium and its secretariat."""
    members = Membership.objects.current().filter(organisation__in=organisations_of(user))
    mine = {*members.values_list("consortium", flat=True), *secretariats_of(user)}
    return Petition.objects.filter(consortium__in=mine).select_related("consortium", "meeting")


def count_of(petition: Petition) -> Count:
    """Only units that sit in the organ now count, among those who support and among all."""
    units = {elector.organisation.pk for elector in electorate(petition.consortium, petition.organ)}
    supporting = units & set(petition.supports.values_list("organisation", flat=True))
    charter = charter_of(petition.consortium)
    needed = ceil(charter.demand * len(units)) if charter else 0
    return Count(len(supporting), len(units), needed)


def my_units(user: Viewer, consortium: Consortium, organ: str) -> list[Organisation]:
    """The units of the organ in whose name ``user`` may act."""
    mine = organisations_of(user)
    units = (elector.organisation for elector in electorate(consortium, organ))
    return [unit for unit in units if unit.pk in mine]


def may_petition(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` make a petition, for one of their units?"""
    if not charter_of(consortium):
        return Verdict(_("The consortium has no charter yet: adopt one first."))
    if not any(my_units(user, consortium, organ) for organ in Organ.values):
        return Verdict(_("Only a unit that sits in an organ can demand a meeting of it."))
    return YES


def may_support(user: Viewer, petition: Petition) -> Verdict:
    if petition.meeting:
        return Verdict(_("A meeting is being prepared because of it."))
    if not my_units(user, petition.consortium, petition.organ):
        return Verdict(_("Only a unit that sits in an organ can demand a meeting of it."))
    return YES


def may_answer(user: Viewer, petition: Petition) -> Verdict:
    """May ``user`` prepare the meeting that is demanded?"""
    if not is_secretary(user, petition.consortium):
        return Verdict(_("Only the secretariat of the consortium can do this."))
    if petition.meeting:
        return Verdict(_("A meeting is being prepared because of it."))
    if not count_of(petition).reached:
        return Verdict(_("Not enough units support it yet."))
    return YES
