"""What waits for the secretariat about releases, and what can be found."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.governance.roles.policy import secretariats_of
from silian.industry.releases import policy
from silian.industry.releases.models import Release
from silian.industry.releases.papers import title_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search.services import index

index(
    Release,
    visible=policy.visible_releases,
    text=lambda release: [
        "人才需求发布",
        title_of(release),
        release.foreword_zh,
        release.foreword_en,
        *release.lines.values_list("occupation__name_zh", flat=True),
    ],
    name=gettext_lazy("Demand releases"),
)


@todos.source
def releases_to_publish(user: User) -> Iterable[Todo]:
    """The secretariat: drafts that wait for their foreword or publication."""
    drafts = Release.objects.filter(
        state=Release.State.DRAFT, consortium__in=secretariats_of(user)
    ).select_related("consortium")
    for draft in drafts:
        label = _("Publish the demand release of %(year)s") % {"year": draft.year}
        yield Todo(label, draft.get_absolute_url(), 1, place=draft.consortium.name)
