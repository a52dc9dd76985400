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
from silian.talent.cohorts.models import Learner
from silian.talent.internships.models import Internship
from silian.talent.placement.models import Placement
from silian.talent.profiles.models import Person
from silian.talent.profiles.policy import visible_schools
from silian.talent.records.holdings import Holding, Row, register
from silian.talent.rights import policy
from silian.talent.rights.models import Correction
from silian.talent.wishes.models import Wish


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


# --- what stands in rounds, cohorts and internships, which are above records ----------------------


def wishes(person: Person) -> Iterator[Row]:
    rows = Wish.objects.filter(list__student__person=person)
    for wish in rows.select_related("list__round", "seat__position__organisation"):
        facts = {
            _("round"): wish.list.round.title,
            _("choice"): f"{wish.order}",
            _("position"): wish.seat.position.title,
            _("organisation"): wish.seat.position.organisation.name,
            _("why not suitable"): wish.refused_why,
        }
        yield {name: value for name, value in facts.items() if value}


def placements(person: Person) -> Iterator[Row]:
    rows = Placement.objects.filter(student__person=person)
    for one in rows.select_related("round", "seat__position__organisation"):
        yield {
            _("round"): one.round.title,
            _("position"): one.seat.position.title,
            _("organisation"): one.seat.position.organisation.name,
            _("state"): one.get_state_display(),
        }


def cohorts(person: Person) -> Iterator[Row]:
    for one in Learner.objects.filter(student__person=person).select_related("cohort"):
        yield {_("cohort"): one.cohort.title, _("state"): one.get_state_display()}


def internships(person: Person) -> Iterator[Row]:
    for one in Internship.objects.filter(student__person=person):
        yield {_("internship"): str(one), _("state"): one.get_state_display()}


PUBLISHED = gettext_lazy(
    "Published results show codes only, and must stay verifiable. Without your name nothing in "
    "them tells who it was."
)
CONTRACT = gettext_lazy(
    "Signed agreements and what follows from them bind the other parties too and are kept for as "
    "long as claims can be made (Civil Code, Art. 188: three years)."
)
for name, title, rows, stays in (
    ("wishes", gettext_lazy("Wishes"), wishes, PUBLISHED),
    ("placements", gettext_lazy("Placements"), placements, PUBLISHED),
    ("cohorts", gettext_lazy("Cohorts"), cohorts, CONTRACT),
    ("internships", gettext_lazy("Internships"), internships, CONTRACT),
):
    register(Holding(name, title, rows, stays=stays))
