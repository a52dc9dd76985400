"""Which person a name and a number mean, without telling an organisation whom others know.

A number that somebody of another name has, or that stands in the session by another way, gives a
row of its own whose number finds nobody: whoever enrols people cannot try out who exists.
"""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from silian.education.courses.models import Session
from silian.education.enrolments import policy
from silian.education.enrolments.models import Enrolment
from silian.governance.members.models import Organisation
from silian.kernel import vault
from silian.kernel.persons import identity, services
from silian.kernel.persons.models import Person
from silian.kernel.sheets.registry import Progress
from silian.kernel.verdicts import Verdict


def people_named(
    session: Session,
    organisation: Organisation,
    named: Sequence[tuple[str, str]],
    progress: Progress,
) -> list[Person]:
    """A saved person for each name and number, in the same order. Sealing numbers takes a while."""
    inside = set(Enrolment.objects.live().filter(session=session).values_list("person", flat=True))
    own = own_people(organisation)
    return services.people_named(named, among=own, apart=inside, progress=progress)


def own_people(organisation: Organisation) -> QuerySet[Person]:
    """Whom it has enrolled before: those whose number finds nobody would be doubled again."""
    mine = Enrolment.objects.filter(organisation=organisation).values("person")
    return Person.objects.filter(pk__in=mine)


def numbers_in(session: Session, organisation: Organisation) -> set[str]:
    """The numbers of those whom ``organisation`` has in ``session`` already."""
    rows = Enrolment.objects.live().filter(session=session, organisation=organisation)
    sealed = rows.exclude(person__id_sealed=None).values_list("person__id_sealed", flat=True)
    return {vault.opened(bytes(token)) for token in sealed if token}


def refusals(
    session: Session, organisation: Organisation, numbers: Iterable[str]
) -> dict[str, str]:
    """Why those with these numbers cannot be enrolled by ``organisation``."""
    inside = numbers_in(session, organisation)
    done = _numbers_that_completed(session, organisation)
    found = {}
    for number in numbers:
        verdict = policy.fits_age(session, identity.born_on(number))
        verdict = verdict and policy.fits_course(session, number in done)
        if number in inside:
            verdict = Verdict(_("You have enrolled this person already."))
        if not verdict:
            found[number] = verdict.reason
    return found


def _numbers_that_completed(session: Session, organisation: Organisation) -> set[str]:
    """Of its own people who completed what ``session`` asks for: of others it learns nothing."""
    if session.after is None:
        return set()
    people = Person.objects.filter(pk__in=policy.completed_for(organisation, session.after))
    sealed = people.exclude(id_sealed=None).values_list("id_sealed", flat=True)
    return {vault.opened(bytes(token)) for token in sealed if token}
