"""What waits for the secretariat."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from silian.governance.roles.policy import secretariats_of
from silian.governance.signatures.models import Scan
from silian.governance.signing.models import Process
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def scans_to_check(user: User) -> Iterable[Todo]:
    """The secretariat: paper signatures that somebody else has handed in."""
    scans = Scan.objects.filter(
        state=Scan.State.WAITING,
        signatory__process__state=Process.State.OPEN,
        signatory__process__agreement__consortium__in=secretariats_of(user),
    ).exclude(by=user)
    for scan in scans.select_related("signatory__process__agreement__consortium"):
        agreement = scan.signatory.process.agreement
        label = _("Check a paper signature: %(agreement)s") % {"agreement": agreement.title}
        yield Todo(label, scan.get_absolute_url(), place=agreement.consortium.name)
