from itertools import count

from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_organisation
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.codes.models import CodeList
from silian.kernel.codes.tests.factories import make_code
from silian.talent.profiles.models import Student

numbers = count(1)


def make_school() -> Organisation:
    return make_organisation(Organisation.Kind.COLLEGE)


def make_student(school: Organisation | None = None, **fields: object) -> Student:
    """An enrolled student with an account."""
    number = next(numbers)
    facts: dict[str, object] = {
        "number": f"S{number:05}",
        "name": f"学生{number}",
        "entered": 2024,
        "graduates": 2027,
        "points": "80",
    }
    facts |= {} if "user" in fields else {"user": make_user(f"学生{number}")}
    facts |= {} if "programme" in fields else {"programme": make_code(CodeList.Kind.PROGRAMME)}
    return Student.objects.create(school=school or make_school(), **(facts | fields))
