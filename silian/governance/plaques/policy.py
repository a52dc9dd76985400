"""Who may issue and withdraw plaques. The register is public."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.plaques.models import Plaque
from silian.governance.roles.policy import Viewer, is_secretary
from silian.kernel.verdicts import YES, Verdict


def visible_plaques(user: Viewer) -> QuerySet[Plaque]:
    """Anybody may look a plaque up."""
    return Plaque.objects.select_related("consortium", "organisation")


def may_issue(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` issue plaques of ``consortium`` and set how they are numbered?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_withdraw(user: Viewer, plaque: Plaque) -> Verdict:
    verdict = may_issue(user, plaque.consortium)
    if verdict and plaque.withdrawn_on:
        return Verdict(_("This plaque has been withdrawn already."))
    return verdict
