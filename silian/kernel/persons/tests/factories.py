from itertools import count

from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.persons.models import Person

numbers = count(1)


def make_person(**fields: object) -> Person:
    """Somebody with an account; ``user=None`` for somebody without one."""
    name = f"某人{next(numbers)}"
    facts: dict[str, object] = {"name": name}
    facts |= {} if "user" in fields else {"user": make_user(name)}
    return Person.objects.create(**(facts | fields))
