"""What is to be prepared."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from silian.education.practicals import policy
from silian.education.practicals.models import Practical
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo

SOON = timedelta(days=14)  # an exam that is not announced by then is in danger


@todos.source
def practicals_to_announce(user: User) -> Iterable[Todo]:
    """The office: a practical exam draws near and is not announced yet."""
    rows = Practical.objects.filter(
        policy.prepared_by(user),
        state=Practical.State.DRAFT,
        begins_at__lte=clock.now() + SOON,
    )
    for one in rows.select_related("consortium"):
        label = _("Announce the practical exam “%(exam)s”") % {"exam": one.title}
        yield Todo(label, one.get_absolute_url(), 1, due=one.begins_at, place=one.consortium.name)
