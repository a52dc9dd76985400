"""What waits for a secretariat about its charter, and how charters are found."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.charters import policy
from silian.governance.charters.models import Charter
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search import services as search

search.index(
    Charter,
    visible=policy.visible_charters,
    text=lambda charter: [charter.basis, charter.text_zh, charter.text_en],
    name=gettext_lazy("Charters"),
)


@todos.source
def charters_to_adopt(user: User) -> Iterable[Todo]:
    secretariats = Consortium.objects.filter(pk__in=secretariats_of(user))
    for consortium in secretariats.filter(charters=None):
        url = reverse("charters:charter_new", args=[consortium])
        yield Todo(_("Adopt a charter"), url, place=consortium.name)
