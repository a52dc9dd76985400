"""How programmes are found, and what their schools have not said yet."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.education.programmes import policy
from silian.education.programmes.models import Programme, YearFigure
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.search.services import index

index(
    Programme,
    visible=policy.visible_programmes,
    text=lambda programme: [
        programme.school.name_zh,
        programme.school.name_en,
        programme.code and programme.code.code,
        programme.get_level_display(),
        *(code.name_zh for code in programme.occupations.all()),
        *(cluster.name_zh for cluster in programme.clusters.all()),
    ],
    name=gettext_lazy("Programmes"),
)


@todos.source
def figures_missing(user: User) -> Iterable[Todo]:
    """The school: open programmes without the figures of last year."""
    year = policy.latest_year() - 1
    stated = YearFigure.objects.filter(programme=OuterRef("pk"), year=year)
    rows = Programme.objects.filter(~Exists(stated), closed=None, school__in=organisations_of(user))
    for school in Organisation.objects.filter(pk__in=rows.values("school")):
        url = reverse("programmes:school_programmes", args=[school.pk])
        count = rows.filter(school=school).count()
        label = _("Programmes without the figures of %(year)s") % {"year": year}
        yield Todo(label, url, count, place=school.name)
