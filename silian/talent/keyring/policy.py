"""Public keys are public; the system administrator replaces them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.governance.roles.policy import Viewer, is_system_administrator
from silian.kernel.verdicts import YES, Verdict
from silian.talent.keyring.models import Key


def visible_keys(user: Viewer) -> QuerySet[Key]:
    return Key.objects.all()


def trusted() -> QuerySet[Key]:
    """Those whose signatures count: the one in use, and those it replaced."""
    return Key.objects.exclude(state=Key.State.WITHDRAWN)


def may_replace(user: Viewer) -> Verdict:
    if is_system_administrator(user):
        return YES
    return Verdict(_("Only the system administrator replaces keys."))


def may_withdraw(user: Viewer, key: Key) -> Verdict:
    verdict = may_replace(user)
    if verdict and key.state == Key.State.WITHDRAWN:
        return Verdict(_("This key is withdrawn."))
    return verdict
