"""The people of the demo: who acts for whom, and the students of the schools."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from silian.demo.cast.founding import Founded, code, invent
from silian.demo.cast.invention import Inventor
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import CodeList
from silian.kernel.persons.identity import set_number
from silian.kernel.persons.models import Person
from silian.talent.profiles.models import Student

PASSWORD = "silian-demo-2024"  # noqa: S105  shown on the sign-in page of every demo
CLASS_SIZE = 16
LEVELS = {"university": "23", "college": "45", "secondary": "67"}  # first digit of the catalogue


@dataclass
class Staff:
    """Makes accounts with one shared password, hashed once."""

    inventor: Inventor
    password: str

    @classmethod
    def with_demo_password(cls, inventor: Inventor) -> "Staff":
        return cls(inventor, make_password(PASSWORD))

    def account(self, username: str, **fields: str) -> User:
        return User.objects.create(
            username=username,
            name=self.inventor.person(),
            email=f"{username}@demo.silian.example",
            password=self.password,
            mail_notices=False,
            **fields,
        )

    def role(self, username: str, kind: str, since: date, **side: object) -> User:
        user = self.account(username)
        Role.objects.create(user=user, kind=kind, start=since, **side)
        return user


def add_administrators(staff: Staff) -> None:
    for duty, username in (("system", "admin"), ("security", "security"), ("audit", "auditor")):
        staff.account(username, duty=duty)


def add_people(body: Founded, staff: Staff, today: date) -> None:
    """A secretariat, experts, and for every unit somebody who acts for it."""
    slug, since = body.consortium.slug, body.day
    for name, kind in (
        ("secretary", "secretary"),
        ("secretary2", "secretary"),
        ("expert", "expert"),
    ):
        staff.role(f"{name}.{slug}", kind, since, consortium=body.consortium)
    add_applicants(body, staff)
    seen: dict[str, int] = {}
    for unit in body.units:
        if unit.roles.exists():  # it belongs to another body as well
            continue
        word = workspace_word(unit)
        seen[word] = seen.get(word, 0) + 1
        tail = "" if seen[word] == 1 else str(seen[word])
        staff.role(f"{word}{tail}.{slug}", "manager", since, organisation=unit)
        if unit.is_school:
            staff.role(f"teacher{tail}.{slug}", "teacher", since, organisation=unit)
            add_students(body, unit, staff, today, f"student{tail}")


def add_applicants(body: Founded, staff: Staff) -> None:
    """Two firms that ask to join, for the secretariat to review."""
    for number in (1, 2):
        unit = invent("enterprise", body.facts["consortium"], staff.inventor)
        name = f"applicant{number}.{body.consortium.slug}"
        manager = staff.role(name, "manager", body.day, organisation=unit)
        Membership.objects.create(
            consortium=body.consortium,
            organisation=unit,
            statement="希望参与现场工程师培养和订单班,可提供实习岗位和企业导师。",
            contact_name=manager.name,
            contact_phone=staff.inventor.mobile(),
            applied_by=manager,
        )


def workspace_word(unit: Organisation) -> str:
    if unit.is_school:
        return "school"
    return {"government": "government", "park": "park"}.get(unit.kind, unit.kind)


def graduation_year(today: date) -> int:
    """The year in which the final year's students graduate; a school year starts in September."""
    return today.year + (1 if today.month >= 9 else 0)


def add_students(body: Founded, school: Organisation, staff: Staff, today: date, word: str) -> None:
    """Two classes of each programme that fits the school: final year and the year before."""
    final = graduation_year(today)
    fitting = [p for p in body.facts["consortium"]["programmes"] if p[0] in LEVELS[school.kind]]
    students = [
        student
        for value in fitting[:3]
        for graduates in (final, final + 1)
        for student in new_class(school, value, graduates, staff)
    ]
    if students:
        students[0].points = 84  # the account that the sign-in page offers has a story to tell
    users = User.objects.bulk_create(
        User(
            username=f"{word}{'' if n == 1 else f'-{n}'}.{body.consortium.slug}",
            name=student.name,
            email=student.email,
            password=staff.password,
            mail_notices=False,  # nobody reads the demo's mail
        )
        for n, student in enumerate(students, start=1)
    )
    people = [Person(name=user.name, user=user) for user in users]
    for student, person in zip(students, people, strict=True):
        age = 15 if school.kind == "secondary" else 18
        set_number(person, staff.inventor.identity_number(student.entered - age))
    Person.objects.bulk_create(people)
    for student, person in zip(students, people, strict=True):
        student.person, student.user = person, person.user
    Student.objects.bulk_create(students)
    Role.objects.bulk_create(
        Role(user=user, kind="student", organisation=school, start=body.day) for user in users
    )


def new_class(school: Organisation, value: str, graduates: int, staff: Staff) -> list[Student]:
    programme = code(CodeList.Kind.PROGRAMME, value)
    years = 4 if school.kind == "university" else 3
    entered = graduates - years
    draw = staff.inventor.random
    return [
        Student(
            school=school,
            number=f"{entered}{value}{n:03}",
            name=staff.inventor.person(),
            programme=programme,
            class_name=f"{programme.name_zh}{entered % 100}01班",
            entered=entered,
            graduates=graduates,
            points=round(min(98.0, max(58.0, draw.gauss(78, 8))), 2),
            email=f"{school.pk}-{entered}{value}{n:03}@demo.silian.example",
        )
        for n in range(1, CLASS_SIZE + 1)
    ]
