"""What waits for people about their consents; views that lower apps tell of are kept."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.governance.roles.policy import organisations_of
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.consents import policy, services
from silian.talent.consents.models import Question
from silian.talent.profiles import sightings
from silian.talent.profiles.policy import own_person, visible_schools

sightings.watchers.append(services.note_views)


@todos.source
def wordings_to_read(user: User) -> Iterable[Todo]:
    """Consents that a new wording asks for again."""
    person = own_person(user)
    if person and (count := len(policy.outdated(person))):
        label = _("Read a new wording and consent again, or not")
        yield Todo(label, reverse("consents:consent_index"), count=count)


@todos.source
def scans_to_enter(user: User) -> Iterable[Todo]:
    """A school: guardians who have not answered yet."""
    if not organisations_of(user):
        return
    waiting = policy.visible_questions(user).filter(state=Question.State.WAITING)
    for school in visible_schools(user):
        pupils = waiting.filter(person__enrolments__school=school).distinct()
        label = _("Guardians who have not answered")
        url = reverse("consents:question_index", args=[school.pk])
        yield Todo(label, url, count=pupils.count(), place=school.name)
