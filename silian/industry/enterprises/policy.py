"""The register is public; who may edit an organisation may edit its profile."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.members.policy import may_edit_organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, has_people, is_secretary
from silian.kernel.codes.models import Code
from silian.kernel.verdicts import YES, Verdict


def visible_enterprises(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The enterprises of the consortium's region, and its members from wherever they are."""
    near = Q(pk__in=_members(consortium))
    if consortium.region:
        below = Code.objects.under(consortium.region)
        near |= Q(region__in=list(below.values_list("pk", flat=True)))
    return Organisation.objects.filter(near, kind=Organisation.Kind.ENTERPRISE)


def may_import(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` bring the register of the region up to date?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_edit(user: Viewer, organisation: Organisation, consortium: Consortium) -> Verdict:
    """Who edits the organisation may; the secretariat also for firms that nobody manages yet."""
    own = may_edit_organisation(user, organisation)
    if not own and is_secretary(user, consortium):
        return own if has_people(organisation, Role.Kind.MANAGER) else YES
    return own


def _members(consortium: Consortium) -> list[int]:
    """Read at once: a subquery beside an OR would be asked for every firm of the region."""
    current = Membership.objects.current().filter(consortium=consortium)
    return list(current.values_list("organisation", flat=True))
