"""Which persons were named on a page to somebody else without a note that they can read."""

import re

from django.db import connection

from silian.kernel.accounts.models import User
from silian.kernel.persons.models import Person
from silian.talent.consents.models import View
from silian.talent.profiles.models import Student


def unnoted(answers: list[tuple[User, str, str]]) -> list[str]:
    """Who is named in ``answers`` (the reader, what they read, what they typed) without a View."""
    if connection.needs_rollback:
        return []
    people = dict(Person.objects.values_list("pk", "user"))
    names = {*Person.objects.values_list("pk", "name")}
    names |= {*Student.objects.values_list("person", "name")}
    known = set(View.objects.values_list("person", "by"))
    found = set()
    for reader, text, typed in answers:
        for person, name in names:
            mine = people[person] == reader.pk or (person, reader.pk) in known
            if (
                name
                and name not in typed
                and not mine
                and re.search(rf"{re.escape(name)}(?!\d)", text)
            ):
                found.add(f"{reader}: {name}")
    return sorted(found)
