from itertools import count

from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_organisation
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.talent.profiles.models import Student

numbers = count(1)


def make_school() -> Organisation:
    return make_organisation(Organisation.Kind.COLLEGE)


def make_student(school: Organisation | None = None, **fields: object) -> Student:
    """An enrolled student with an account, who is a person of their own unless ``person`` says."""
    number = next(numbers)
    facts: dict[str, object] = {
        "number": f"S{number:05}",
        "name": f"学生{number}",
        "entered": 2024,
        "graduates": 2027,
        "points": "80",
    } | fields
    if "user" not in facts:
        person = facts.get("person")
        facts["user"] = person.user if isinstance(person, Person) else make_user(f"学生{number}")
    if "person" not in facts:
        of_account = Person.objects.filter(user=facts["user"]).first() if facts["user"] else None
        facts["person"] = of_account or make_person(name=facts["name"], user=facts["user"])
    facts |= {} if "programme" in facts else {"programme": make_code(CodeList.Kind.PROGRAMME)}
    return Student.objects.create(school=school or make_school(), **facts)
