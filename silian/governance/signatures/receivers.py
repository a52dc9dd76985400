"""What waits for the secretariat."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from silian.governance.signatures.models import Scan
from silian.governance.signatures.policy import may_check, visible_scans
from silian.governance.signing.models import Process
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def scans_to_check(user: User) -> Iterable[Todo]:
    """The secretariat, or a student's school: paper signatures that somebody else has handed in."""
    scans = visible_scans(user).filter(
        state=Scan.State.WAITING, signatory__process__state=Process.State.OPEN
    )
    rows = scans.exclude(by=user).select_related("signatory__process__agreement__consortium")
    for scan in rows:
        if not may_check(user, scan):
            continue
        agreement = scan.signatory.process.agreement
        label = _("Check a paper signature: %(agreement)s") % {"agreement": agreement.title}
        yield Todo(label, scan.get_absolute_url(), place=agreement.consortium.name)
