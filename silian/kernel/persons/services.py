"""Who an account is, and whom a row means. Each function is one thing somebody does."""

from collections.abc import Callable, Container, Sequence

from django.db import transaction
from django.db.models import QuerySet

from silian.kernel import vault
from silian.kernel.accounts.models import User
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person

BATCH = 2000


@transaction.atomic
def person_of(user: User) -> Person:
    """The person whose account ``user`` is; written down when first asked for."""
    person, _new = Person.objects.get_or_create(user=user, defaults={"name": str(user)})
    return person


@transaction.atomic
def people_named(
    pairs: Sequence[tuple[str, str]],
    *,
    among: QuerySet[Person] | None = None,
    apart: Container[int] = (),
    progress: Callable[[int], None] = lambda done: None,
) -> list[Person]:
    """Who is meant by each name and identity number, in order; the unknown are written down.

    Whoever enters a number must not learn whether somebody is known by it: a known person of the
    same name is taken, everybody else becomes a person of their own, and both look the same.
    ``among`` are people of the caller's own, found by number even where it finds nobody else;
    ``apart`` are keys of people who stand there by another way: they are not taken either, so that
    nobody can try out who takes part. Sealing many numbers takes a while.
    """
    holders = identity.holders_of({number for _name, number in pairs})
    own = _in_doubt(among) if among is not None else {}
    found: dict[tuple[str, str], Person] = {}
    people = []
    for done, (name, number) in enumerate(pairs):
        progress(done)
        person = found.get((name, number)) or _same(own.get(number), name)
        person = person or _same(holders.get(number), name)
        if person is None or person.pk in apart:
            person = Person(name=name)
            identity.set_number(person, number, in_doubt=number in holders)
            holders.setdefault(number, person)
        found[name, number] = person
        people.append(person)
    new = {id(one): one for one in people if one.pk is None}
    Person.objects.bulk_create(new.values(), batch_size=BATCH)
    return people


def _same(person: Person | None, name: str) -> Person | None:
    return person if person and identity.same_name(person.name, name) else None


def _in_doubt(people: QuerySet[Person]) -> dict[str, Person]:
    """By number, those whose number finds nobody."""
    rows = people.filter(id_digest=None, id_sealed__isnull=False)
    return {vault.opened(bytes(person.id_sealed or b"")): person for person in rows}
