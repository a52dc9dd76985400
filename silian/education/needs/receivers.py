"""What waits for schools: training that many ask for and nobody offers."""

from collections.abc import Iterable

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.needs.models import Pool
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def pools_to_answer(user: User) -> Iterable[Todo]:
    """One line a body of which one's school is a member."""
    schools = Organisation.objects.filter(
        pk__in=organisations_of(user), kind__in=Organisation.SCHOOLS
    )
    joined = Membership.objects.current().filter(organisation__in=schools)
    rows = Pool.objects.filter(state=Pool.State.OPEN, consortium__in=joined.values("consortium"))
    counts = dict(rows.order_by().values_list("consortium").annotate(Count("pk")))
    for consortium in Consortium.objects.filter(pk__in=counts):
        url = reverse("needs:pool_index", args=[consortium]) + "?state=open"
        label = _("Training asked for that nobody offers")
        yield Todo(label, url, counts[consortium.pk], place=consortium.name)
