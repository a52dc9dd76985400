"""Which person a name and a number mean, without telling a firm whom others know.

Who is entered already by another way gets a row of their own whose number finds nobody: whoever
enters people cannot try out who takes part.
"""

from collections.abc import Sequence

from django.db.models import QuerySet

from silian.education.skillappraisals.models import Appraisal, Entry
from silian.governance.members.models import Organisation
from silian.kernel import vault
from silian.kernel.persons import services
from silian.kernel.persons.models import Person


def people_named(
    appraisal: Appraisal, organisation: Organisation | None, named: Sequence[tuple[str, str]]
) -> list[Person]:
    """A saved person for each name and number, in the same order."""
    inside = set(live(appraisal).values_list("person", flat=True))
    return services.people_named(named, among=_own_people(organisation), apart=inside)


def numbers_in(appraisal: Appraisal, organisation: Organisation | None) -> set[str]:
    """The numbers of those whom ``organisation`` has entered already."""
    rows = live(appraisal).filter(organisation=organisation)
    sealed = rows.exclude(person__id_sealed=None).values_list("person__id_sealed", flat=True)
    return {vault.opened(bytes(token)) for token in sealed if token}


def live(appraisal: Appraisal) -> QuerySet[Entry]:
    return appraisal.entries.exclude(state=Entry.State.WITHDRAWN)


def _own_people(organisation: Organisation | None) -> QuerySet[Person]:
    """Whom the firm has entered before: those whose number finds nobody would be doubled again."""
    mine = Entry.objects.filter(organisation=organisation) if organisation else Entry.objects.none()
    return Person.objects.filter(pk__in=mine.values("person"))
