"""Who sets pass rules: the secretariat for all, an assessment body for itself."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.education.schemes.models import Scheme
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import Viewer, is_secretary, organisations_of
from silian.kernel.verdicts import YES, Verdict


def visible_schemes(user: Viewer) -> QuerySet[Scheme]:
    """By which rules people pass is public."""
    rows = Scheme.objects.select_related("consortium", "organisation", "occupation")
    return rows.prefetch_related("parts")


def bodies_of(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The members in whose name ``user`` may appraise; the secretariat acts for any."""
    members = Membership.objects.current().filter(consortium=consortium).values("organisation")
    rows = Organisation.objects.filter(pk__in=members)
    if is_secretary(user, consortium):
        return rows
    own = rows.filter(pk__in=organisations_of(user))
    return own.exclude(kind__in=Organisation.GOVERNMENT_SIDE)


def may_set(user: Viewer, consortium: Consortium) -> Verdict:
    if bodies_of(user, consortium).exists() or is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat and assessment bodies set pass rules."))


def may_change(user: Viewer, scheme: Scheme) -> Verdict:
    own = scheme.organisation_id is not None and scheme.organisation_id in organisations_of(user)
    if own or is_secretary(user, scheme.consortium):
        return YES
    return Verdict(_("Only the secretariat and the body of this rule change it."))
