"""Who an account is, and whom a row means. Each function is one thing somebody does."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

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
def people_of_rows(rows: Sequence[Mapping[str, Any]]) -> list[Person]:
    """Who is meant by each ``name`` and ``id_number``, in order; the unknown are written down."""
    known = identity.holders_of(row["id_number"] for row in rows)
    people = [known.get(row["id_number"]) or _new_person(row) for row in rows]
    Person.objects.bulk_create([one for one in people if one.pk is None], batch_size=BATCH)
    return people


def _new_person(row: Mapping[str, Any]) -> Person:
    person = Person(name=row["name"])
    identity.set_number(person, row["id_number"])
    return person
