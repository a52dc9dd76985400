"""Who an account is. Each function is one thing somebody does."""

from django.db import transaction

from silian.kernel.accounts.models import User
from silian.kernel.persons.models import Person


@transaction.atomic
def person_of(user: User) -> Person:
    """The person whose account ``user`` is; written down when first asked for."""
    person, _new = Person.objects.get_or_create(user=user, defaults={"name": str(user)})
    return person
