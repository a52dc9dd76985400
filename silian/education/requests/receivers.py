"""What waits for a school about change requests."""

from collections.abc import Iterable

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.standards.models import ChangeRequest
from silian.education.standards.policy import writes_for
from silian.governance.consortia.models import Consortium
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def changes_to_answer(user: User) -> Iterable[Todo]:
    """The school: what is asked of its standards."""
    waiting = ChangeRequest.objects.filter(
        state=ChangeRequest.State.OPEN, standard__programme__school__in=writes_for(user)
    )
    counts = dict(waiting.order_by().values_list("standard__consortium").annotate(Count("pk")))
    for consortium in Consortium.objects.filter(pk__in=counts):
        url = reverse("requests:inbox", args=[consortium]) + "?state=open"
        label = _("Change requests to answer")
        yield Todo(label, url, counts[consortium.pk], place=consortium.name)
