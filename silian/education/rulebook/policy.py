"""The rules are public; the secretariat sets what a consortium may set."""

from django.utils.translation import gettext as _

from silian.education.rulebook.rules import Rule
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer, is_secretary
from silian.kernel.verdicts import YES, Verdict


def may_set(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium):
        return YES
    return Verdict(_("Only the secretariat of the consortium can do this."))


def may_set_rule(user: Viewer, consortium: Consortium, rule: Rule) -> Verdict:
    verdict = may_set(user, consortium)
    if verdict and not rule.configurable:
        return Verdict(_("This rule is the same everywhere."))
    return verdict
