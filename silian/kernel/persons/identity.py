"""One human being, one row: identity numbers sealed, found again, and doubles brought together."""

import unicodedata
from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import ManyToOneRel
from stdnum.cn import ric

from silian.kernel import vault
from silian.kernel.persons.models import Person

BATCH = 5000  # numbers that one query looks for


def set_number(person: Person, number: str, *, in_doubt: bool = False) -> None:
    """Seal the number, and take from it what it says; whoever calls saves.

    In doubt, somebody else has it: then nobody is found by this row.
    """
    person.id_sealed = vault.sealed(number)
    person.id_digest = None if in_doubt else vault.digest(number)
    person.born_on, person.gender = born_on(number), gender_of(number)


def born_on(number: str) -> date:
    day: date = ric.get_birth_date(number)
    return day


def gender_of(number: str) -> str:
    """The 17th digit is odd for men (GB 11643)."""
    return Person.Gender.MALE if int(number[16]) % 2 else Person.Gender.FEMALE


def holder_of(number: str) -> Person | None:
    """Who has this number."""
    return Person.objects.filter(id_digest__in=vault.digests(number)).first()


def holders_of(numbers: Iterable[str]) -> dict[str, Person]:
    """Who has which of many numbers."""
    by_digest = {digest: number for number in numbers for digest in vault.digests(number)}
    digests, found = list(by_digest), {}
    for start in range(0, len(digests), BATCH):
        rows = Person.objects.filter(id_digest__in=digests[start : start + BATCH])
        found.update({by_digest[str(person.id_digest)]: person for person in rows})
    return found


def same_name(one: str, other: str) -> bool:
    """Blind to width, case and spaces: 张 三 is 张三."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def may_be_one(one: Person, other: Person) -> bool:
    """Can these two rows be the same human being?"""
    two_accounts = one.user_id and other.user_id and one.user_id != other.user_id
    two_numbers = one.id_digest and other.id_digest and one.id_digest != other.id_digest
    return not two_accounts and not two_numbers


def brought_together(one: Person, other: Person) -> Person:
    """Make two rows of one human being one row, and return it; everything moves to it.

    The row with the account stays. Consents and views are moved too: the one change that the
    database allows there, and only to a transaction that says so.
    """
    if one.pk == other.pk:
        return one
    stays, goes = (one, other) if one.user_id or not other.user_id else (other, one)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL silian.bringing_together = 'on'")
        for relation in Person._meta.get_fields(include_hidden=True):
            if isinstance(relation, ManyToOneRel):  # and one-to-one, its child
                rows = relation.related_model._base_manager
                rows.filter(**{relation.field.name: goes}).update(**{relation.field.name: stays})
        cursor.execute("SET LOCAL silian.bringing_together = 'off'")
    facts = "id_sealed id_digest born_on gender guardian_name guardian_phone guardian_email".split()
    kept = {name: getattr(stays, name) or getattr(goes, name) for name in facts}
    goes.delete()
    for name, value in kept.items():
        setattr(stays, name, value)
    stays.save()
    return stays
