"""What waits for organisers when a session has had its last lesson."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.courses.models import Session
from silian.education.courses.policy import managed
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def sessions_to_finish(user: User) -> Iterable[Todo]:
    over = Session.objects.filter(
        managed(user, "course__"), state=Session.State.RUNNING, ends_on__lt=clock.today()
    )
    for session in over.select_related("course__consortium"):
        consortium = session.course.consortium
        yield Todo(
            _("Finish “%(session)s” and complete its people") % {"session": session.title},
            reverse("completions:result", args=[consortium, session.pk]),
            place=consortium.name,
        )
