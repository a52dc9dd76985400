"""What waits for the secretariat about catalogues, and what can be found."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.shortages import policy
from silian.education.shortages.models import Catalogue
from silian.education.shortages.papers import title_of
from silian.governance.roles.policy import secretariats_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search.services import index

index(
    Catalogue,
    visible=policy.visible_catalogues,
    text=lambda catalogue: [
        "紧缺人才目录",
        title_of(catalogue),
        catalogue.foreword_zh,
        catalogue.foreword_en,
        *catalogue.entries.filter(level__gt=0).values_list("occupation__name_zh", flat=True),
    ],
    name=gettext_lazy("Catalogues of shortages"),
)


@todos.source
def catalogues_to_publish(user: User) -> Iterable[Todo]:
    """The secretariat: drafts that wait for their foreword or publication."""
    drafts = Catalogue.objects.filter(
        state=Catalogue.State.DRAFT, consortium__in=secretariats_of(user)
    ).select_related("consortium")
    for draft in drafts:
        label = _("Publish the catalogue of shortages of %(year)s") % {"year": draft.year}
        yield Todo(label, draft.get_absolute_url(), 1, place=draft.consortium.name)
