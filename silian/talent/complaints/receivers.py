"""What waits at the desk."""

from collections.abc import Iterable
from datetime import datetime, time

from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.complaints.models import Complaint
from silian.talent.complaints.policy import visible_complaints


@todos.source
def complaints_to_answer(user: User) -> Iterable[Todo]:
    """The desk: complaints without an answer, due at their day."""
    for complaint in visible_complaints(user).filter(state__in=Complaint.OPEN):
        url = reverse("complaints:desk_detail", args=[complaint.consortium, complaint.pk])
        due = make_aware(datetime.combine(complaint.due_on, time.max))
        label = _("Answer complaint %(number)s") % {"number": complaint}
        yield Todo(label, url, due=due, place=complaint.consortium.name)
