"""Which person a name and a number mean, without telling a firm whom others know.

Who is entered already by another way gets a row of their own whose number finds nobody: whoever
enters people cannot try out who takes part.
"""

from collections.abc import Sequence

from django.db.models import QuerySet

from silian.education.skillappraisals.models import Appraisal, Entry
from silian.governance.members.models import Organisation
from silian.kernel import vault
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person


def people_named(
    appraisal: Appraisal, organisation: Organisation | None, named: Sequence[tuple[str, str]]
) -> list[Person]:
    """A saved person for each name and number, in the same order."""
    holders = identity.holders_of(number for _name, number in named)
    inside = set(live(appraisal).values_list("person", flat=True))
    own = _own_people(organisation)
    found, new = [], []
    for name, number in named:
        person = own.get(number) or holders.get(number)
        known = person is not None and identity.same_name(person.name, name)
        if person is None or not known or person.pk in inside:
            person = Person(name=name)
            identity.set_number(person, number, in_doubt=number in holders)
            new.append(person)
        found.append(person)
    Person.objects.bulk_create(new)
    return found


def numbers_in(appraisal: Appraisal, organisation: Organisation | None) -> set[str]:
    """The numbers of those whom ``organisation`` has entered already."""
    rows = live(appraisal).filter(organisation=organisation)
    sealed = rows.exclude(person__id_sealed=None).values_list("person__id_sealed", flat=True)
    return {vault.opened(bytes(token)) for token in sealed if token}


def live(appraisal: Appraisal) -> QuerySet[Entry]:
    return appraisal.entries.exclude(state=Entry.State.WITHDRAWN)


def _own_people(organisation: Organisation | None) -> dict[str, Person]:
    """Those of its own people whose number finds nobody: else they would be doubled again."""
    if organisation is None:
        return {}
    mine = Entry.objects.filter(organisation=organisation).values("person")
    doubtful = Person.objects.filter(pk__in=mine, id_digest=None, id_sealed__isnull=False)
    return {vault.opened(bytes(person.id_sealed or b"")): person for person in doubtful}
