"""What waits for a secretariat about its council, who can be found, what a departure does."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.consortia.models import Consortium
from silian.governance.council import policy, services, standing
from silian.governance.council.models import Term
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.events import MembershipEnded, membership_ended
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

search.index(
    Term,
    visible=policy.visible_terms,
    text=lambda term: [term.organisation.name_zh, term.organisation.name_en, term.basis],
    consortium=lambda term: term.seat.consortium.slug,
    name=gettext_lazy("Terms of office"),
)


@receiver(membership_ended)
def vacate(sender: type[Membership], fact: MembershipEnded, **_signal: Any) -> None:
    """Whoever leaves leaves their seats; who is only suspended keeps them, without a vote."""
    consortium = Consortium.objects.get(pk=fact.consortium_id)
    organisation = Organisation.objects.get(pk=fact.organisation_id)
    if not consortium.memberships.running().filter(organisation=organisation).exists():
        services.unit_left(consortium, organisation, on=fact.on)


@todos.source
def council_to_look_after(user: User) -> Iterable[Todo]:
    for consortium in Consortium.objects.filter(pk__in=secretariats_of(user)):
        url = reverse("council:seat_index", args=[consortium])
        lacking = standing.shortfall(consortium).lacking
        yield Todo(_("Seats that the charter sets, to set up"), url, lacking, place=consortium.name)
        vacant = policy.vacant_seats(consortium).count()
        yield Todo(_("Vacant seats"), f"{url}?held=no", vacant, place=consortium.name)
        ending = standing.expiring(consortium, standing.SOON)
        if first := ending.first():
            due = make_aware(datetime.combine(first.end or first.start, time.min))
            label = _("Terms of office that end soon")
            yield Todo(label, url, ending.count(), due=due, place=consortium.name)
