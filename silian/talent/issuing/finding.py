"""Who is meant by a name and an identity number.

Whoever enters a number must not learn whether somebody is known by it: a known person of the same
name is taken, everybody else becomes a person of their own, and both look the same.
"""

from collections.abc import Sequence

from silian.kernel.persons import identity
from silian.kernel.persons.models import Person


def people_named(pairs: Sequence[tuple[str, str]]) -> list[Person]:
    """The person of each name and number, in order; inside a transaction."""
    known = identity.holders_of({number for _name, number in pairs})
    people = [_known_or_new(name, number, known) for name, number in pairs]
    Person.objects.bulk_create(
        {id(one): one for one in people if one.pk is None}.values(), batch_size=500
    )
    return people


def _known_or_new(name: str, number: str, known: dict[str, Person]) -> Person:
    holder = known.get(number)
    if holder and identity.same_name(holder.name, name):
        return holder
    person = Person(name=name)
    identity.set_number(person, number, in_doubt=holder is not None)
    known.setdefault(number, person)
    return person
