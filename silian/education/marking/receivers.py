"""What waits for markers."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.marking import blind
from silian.education.marking.models import Marking
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo


@todos.source
def answers_to_mark(user: User) -> Iterable[Todo]:
    rows = blind.own_markers(user).filter(marking__state=Marking.State.OPEN)
    for marker in rows:
        exam = marker.marking.exam
        waiting = sum(question.waiting for question in blind.questions_of(marker))
        url = reverse("marking:desk", args=[exam.consortium, exam.pk])
        label = _("Mark answers of “%(exam)s”") % {"exam": exam.title}
        yield Todo(label, url, waiting, place=exam.consortium.name)
