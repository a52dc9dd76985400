"""What waits for the secretariat about bodies, and how bodies are found."""

from collections.abc import Iterable

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from silian.governance.bodies import policy
from silian.governance.bodies.models import Body
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

search.index(
    Body,
    visible=policy.visible_bodies,
    text=lambda body: [body.about_zh, body.about_en, body.host and body.host.name_zh],
    name=_lazy("Bodies"),
)


@todos.source
def bodies_without_a_host(user: User) -> Iterable[Todo]:
    """The secretariat: running bodies whose host has left or is suspended."""
    orphans = Body.objects.filter(consortium__in=secretariats_of(user)).orphaned()
    for consortium in Consortium.objects.filter(bodies__in=orphans).annotate(n=Count("bodies")):
        url = reverse("bodies:body_index", args=[consortium]) + "?host=gone"
        label = _("Bodies whose host is no longer a member")
        yield Todo(label, url, consortium.n, place=consortium.name)
