"""What waits for the secretariat about bodies."""

from collections.abc import Iterable

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.bodies.models import Body
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def bodies_without_a_host(user: User) -> Iterable[Todo]:
    """The secretariat: running bodies whose host has left or is suspended."""
    orphans = Body.objects.filter(consortium__in=secretariats_of(user)).orphaned()
    for consortium in Consortium.objects.filter(bodies__in=orphans).annotate(n=Count("bodies")):
        url = reverse("bodies:body_index", args=[consortium]) + "?orphaned=true"
        label = _("Bodies whose host is no longer a member")
        yield Todo(label, url, consortium.n, place=consortium.name)
