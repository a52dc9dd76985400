from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.kernel.accounts.models import User
from silian.kernel.audit.models import Entry
from silian.kernel.verdicts import YES, Verdict


def may_audit(user: User) -> Verdict:
    """Auditors alone: whoever runs the system does not check the record of it (等保 2.0)."""
    if user.duty == User.Duty.AUDIT:
        return YES
    return Verdict(_("Only the auditor may see the record of the whole installation."))


def visible_entries(user: User) -> QuerySet[Entry]:
    if not may_audit(user):
        return Entry.objects.none()
    return Entry.objects.select_related("by", "link").order_by("-pk")
