"""What waits for signatories and for the secretariat."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from silian.governance.agreements.models import Agreement
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import secretariats_of
from silian.governance.signing.models import Process
from silian.governance.signing.policy import waiting_for
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def signatures_wanted(user: User) -> Iterable[Todo]:
    """The signatory: one agreement to sign, or the list of several."""
    by_place: dict[Consortium, list] = defaultdict(list)  # type: ignore[type-arg]
    for signatory in waiting_for(user):
        by_place[signatory.process.agreement.consortium].append(signatory)
    for place, found in by_place.items():
        label = ngettext(
            "%(count)d agreement waits for your signature",
            "%(count)d agreements wait for your signature",
            len(found),
        ) % {"count": len(found)}
        days = [s.process.deadline for s in found if s.process.deadline]
        due = make_aware(datetime.combine(min(days), time.max)) if days else None
        several = reverse("signing:signing_index", args=[place]) + "?waiting=me"
        url = found[0].get_absolute_url() if len(found) == 1 else several
        yield Todo(label, url, len(found), due=due, place=place.name)


@todos.source
def signings_to_open(user: User) -> Iterable[Todo]:
    """The secretariat: texts that are frozen, but nobody has been asked to sign."""
    opened = Process.objects.filter(agreement=OuterRef("pk"), state=Process.State.OPEN)
    frozen = Agreement.objects.filter(
        ~Exists(opened), state=Agreement.State.SIGNING, consortium__in=secretariats_of(user)
    )
    for agreement in frozen.select_related("consortium"):
        label = _("Ask the signatories: %(agreement)s") % {"agreement": agreement.title}
        yield Todo(label, agreement.get_absolute_url(), place=agreement.consortium.name)
