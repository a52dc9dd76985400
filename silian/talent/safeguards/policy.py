"""Policies are seen by whoever bought them, checks by the school that made them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer, acts_for, organisations_of
from silian.kernel.verdicts import YES, Verdict
from silian.talent.safeguards.models import Policy, SiteCheck


def visible_holders(user: Viewer) -> QuerySet[Organisation]:
    """For whom ``user`` keeps policies and checks."""
    return Organisation.objects.filter(pk__in=organisations_of(user))


def visible_policies(user: Viewer) -> QuerySet[Policy]:
    rows = Policy.objects.filter(holder__in=organisations_of(user))
    return rows.select_related("holder", "scan")


def visible_checks(user: Viewer) -> QuerySet[SiteCheck]:
    rows = SiteCheck.objects.filter(school__in=organisations_of(user))
    return rows.select_related("school", "unit", "by")


def may_keep(user: Viewer, holder: Organisation) -> Verdict:
    """May ``user`` enter what ``holder`` has bought or checked?"""
    if acts_for(user, holder):
        return YES
    return Verdict(_("Only the people of this organisation can do this."))


def may_check(user: Viewer, school: Organisation) -> Verdict:
    """May ``user`` enter a check on site in the name of ``school``?"""
    verdict = may_keep(user, school)
    if verdict and not school.is_school:
        return Verdict(_("Only a school checks units."))
    return verdict
