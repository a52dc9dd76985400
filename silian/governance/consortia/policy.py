"""Who may found a consortium and who may change what it says about itself. Reading is for all."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Cluster, Consortium
from silian.governance.roles.policy import Viewer, is_secretary
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict


def visible_consortia(user: Viewer) -> QuerySet[Consortium]:
    """A consortium is public; what it keeps to itself is in the apps above."""
    return Consortium.objects.select_related("region", "parent")


def may_found(user: Viewer) -> Verdict:
    """May ``user`` set up a new consortium on this installation?"""
    if isinstance(user, User) and user.duty == User.Duty.SYSTEM:
        return YES
    return Verdict(_("Only the system administrator can set up a consortium."))


def may_edit(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` change names, purpose, clusters and figures of ``consortium``?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_remove_cluster(user: Viewer, cluster: Cluster) -> Verdict:
    verdict = may_edit(user, cluster.consortium)
    if verdict and cluster.is_used():
        return Verdict(_("This cluster is in use, so it can be renamed but not removed."))
    return verdict
