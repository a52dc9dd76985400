"""What waits for those who check claims, and for those who made one."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.claims.models import Claim
from silian.governance.claims.policy import visible_claims
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def claims_to_check(user: User) -> Iterable[Todo]:
    waiting = visible_claims(user).filter(state=Claim.State.SUBMITTED).exclude(user=user)
    if count := waiting.count():
        url = reverse("claims:claim_index") + "?state=submitted"
        yield Todo(_("Claims of organisations to check"), url, count=count)


@todos.source
def returned_claims(user: User) -> Iterable[Todo]:
    returned = Claim.objects.filter(user=user, state=Claim.State.RETURNED)
    for claim in returned.select_related("organisation"):
        place = claim.organisation.name
        yield Todo(_("Claim to change"), claim.get_absolute_url(), place=place)
