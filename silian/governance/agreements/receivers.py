"""What waits for the secretariat about agreements, and how agreements are found."""

from collections.abc import Iterable
from datetime import datetime, time

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.agreements import policy
from silian.governance.agreements.models import Agreement
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

WARNING_DAYS = 60

search.index(
    Agreement,
    visible=policy.visible_agreements,
    text=lambda agreement: [
        agreement.number,
        agreement.summary_zh,
        agreement.summary_en,
        *agreement.parties.values_list("name_zh", flat=True),
    ],
    name=gettext_lazy("Agreements"),
)


@todos.source
def expiring_agreements(user: User) -> Iterable[Todo]:
    """The secretariat: signed agreements to renew or to end, due when the first expires."""
    expiring = Agreement.objects.filter(consortium__in=secretariats_of(user))
    expiring = expiring.expiring_within(WARNING_DAYS)
    consortia = Consortium.objects.filter(agreements__in=expiring)
    for consortium in consortia.annotate(n=Count("agreements"), day=Min("agreements__expires_on")):
        url = reverse("agreements:agreement_index", args=[consortium]) + f"?within={WARNING_DAYS}"
        due = make_aware(datetime.combine(consortium.day, time.max))
        label = _("Agreements that expire soon or have expired")
        yield Todo(label, url, consortium.n, due=due, place=consortium.name)
