"""What waits at the table: texts to agree to, and drafts to freeze."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from silian.governance.agreements.models import Agreement, Party
from silian.governance.drafting.readiness import undecided_parties
from silian.governance.roles.policy import organisations_of, secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo

DRAFT = Agreement.State.DRAFT


@todos.source
def texts_to_agree_to(user: User) -> Iterable[Todo]:
    """A party's people: drafts whose latest version their organisation has not agreed to."""
    drafts = Agreement.objects.filter(state=DRAFT, versions__isnull=False)
    mine = Party.objects.filter(organisation__in=organisations_of(user), agreement__in=drafts)
    waiting = undecided_parties(mine)
    for party in waiting.select_related("agreement__consortium", "organisation"):
        label = _("Read and agree: %(title)s") % {"title": party.agreement.title}
        yield Todo(label, party.agreement.get_absolute_url(), place=party.name)


@todos.source
def drafts_to_freeze(user: User) -> Iterable[Todo]:
    """The secretariat: drafts that all parties agree to."""
    drafts = Agreement.objects.filter(consortium__in=secretariats_of(user), state=DRAFT)
    agreed = drafts.exclude(pk__in=undecided_parties(Party.objects.all()).values("agreement"))
    worded = agreed.filter(versions__isnull=False).distinct()
    for agreement in worded.select_related("consortium"):
        label = _("Freeze for signing: %(title)s") % {"title": agreement.title}
        yield Todo(label, agreement.get_absolute_url(), place=agreement.consortium.name)
