"""What waits for people and schools about their rights."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.kernel.persons.models import Person
from silian.talent.profiles.policy import visible_schools
from silian.talent.records.holdings import Holding, Row, register
from silian.talent.rights import policy
from silian.talent.rights.models import Correction


@todos.source
def corrections_to_answer(user: User) -> Iterable[Todo]:
    """A school: what its students ask to have corrected, by the day the answer is due."""
    for school in visible_schools(user):
        rows = policy.visible_corrections(user).filter(
            student__school=school, state=Correction.State.OPEN
        )
        first = rows.order_by("due_on").first()
        if first:
            url = reverse("rights:correction_index", args=[school.pk])
            due = timezone.make_aware(datetime.combine(first.due_on, time()))
            label = _("Answer requests for correction")
            yield Todo(label, url, count=rows.count(), due=due, place=school.name)


def requests(person: Person) -> Iterator[Row]:
    asked = Correction.objects.filter(student__person=person).select_related("student__school")
    for one in asked:
        facts = {
            _("school"): one.student.school.name,
            _("what is wrong"): one.wrong,
            _("what would be right"): one.right,
            _("state"): one.get_state_display(),
            _("answer"): one.answer,
        }
        yield {name: value for name, value in facts.items() if value}


def forget_requests(person: Person) -> None:
    Correction.objects.filter(student__person=person).delete()


register(Holding("requests", gettext_lazy("Requests for correction"), requests, forget_requests))
