from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import organisations_of
from silian.industry.demand.models import Position, Rhythm
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def positions_to_confirm(user: User) -> Iterable[Todo]:
    """The employer: what it was asked about, until the day on which the first would be lowered."""
    asked = Position.objects.published().filter(
        organisation__in=organisations_of(user), asked_on__isnull=False
    )
    found = asked.order_by().values("consortium").annotate(n=Count("pk"), first=Min("asked_on"))
    counts = {row["consortium"]: row for row in found}
    for consortium in Consortium.objects.filter(pk__in=counts):
        row, rhythm = counts[consortium.pk], Rhythm.of(consortium)
        last = row["first"] + timedelta(days=rhythm.lower_after - rhythm.ask_after)
        yield Todo(
            _("Positions to confirm or close"),
            reverse("freshness:confirmations", args=[consortium]),
            row["n"],
            due=timezone.make_aware(datetime.combine(last, time())),
            place=consortium.name,
        )
