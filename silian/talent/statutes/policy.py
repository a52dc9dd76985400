from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer, is_secretary
from silian.kernel.verdicts import YES, Verdict


def may_set_rules(user: Viewer, consortium: Consortium) -> Verdict:
    """May ``user`` choose how strictly ``consortium`` applies what it may choose?"""
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))
