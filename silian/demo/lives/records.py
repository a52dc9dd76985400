"""What some students and a worker of each body say of themselves, whom they allow to read it,
who did, and what one of them asks the school to correct.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from silian.demo.cast.founding import Founded, code
from silian.demo.cast.people import Staff
from silian.demo.market.positions import CATALOGUE
from silian.governance.members.models import Organisation
from silian.industry.occupations.models import Skill
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import CodeList
from silian.kernel.persons.models import Person
from silian.talent.consents.models import Consent, View
from silian.talent.consents.wordings import wording_of
from silian.talent.profiles.models import Student
from silian.talent.records.models import Entry, Interest
from silian.talent.rights.models import Correction

STUDENTS = 8  # of each body who keep a record
CERTIFICATES = ["1+X 数字化制造职业技能等级证书(中级)", "职业技能等级证书(四级)"]
PROJECTS = ["毕业设计:小型设备状态监测装置", "校级技能竞赛:三人小组作品"]
PRACTICE = ["企业认识实习(三周)", "校内生产性实训(一学期)"]


@dataclass
class Life:
    """One body's people, with who looks at them."""

    body: Founded
    now: datetime
    firm: Organisation
    firm_user: User
    school_user: User

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)


def add_lives(body: Founded, staff: Staff, now: datetime) -> None:
    slug = body.consortium.slug
    firm_user = User.objects.get(username=f"enterprise.{slug}")
    school_user = User.objects.get(username=f"school.{slug}")
    firm = firm_user.roles.select_related("organisation").get().organisation
    school = school_user.roles.get().organisation_id
    if firm is None:
        raise ValueError(f"enterprise.{slug} acts for no firm")
    life = Life(body, now, firm, firm_user, school_user)
    pupils = Student.objects.filter(school=school).select_related("person", "school", "programme")
    students = list(pupils.order_by("pk")[:STUDENTS])
    worker = add_worker(life, staff)
    people = [*(student.person for student in students), worker]
    add_entries(life, students, worker)
    add_interests(life, people)
    add_consents(life, people)
    add_views(life, people)
    add_corrections(life, students)


def add_worker(life: Life, staff: Staff) -> Person:
    """Somebody in work whom no school has enrolled."""
    user = staff.account(f"worker.{life.body.consortium.slug}")
    return Person.objects.create(user=user, name=user.name)


def add_entries(life: Life, students: list[Student], worker: Person) -> None:
    wanted = [
        name
        for key in life.body.facts["consortium"]["positions"]
        for name in CATALOGUE["positions"][key]["skills"]
    ]
    known = {skill.name_zh: skill for skill in Skill.objects.all()}
    skills = [known[name] for name in dict.fromkeys(wanted)]
    entries = [entry for n, student in enumerate(students) for entry in studied(life, student, n)]
    people = [*(student.person for student in students), worker]
    for n, person in enumerate(people):
        for step in range(3):
            skill = skills[(n * 3 + step) % len(skills)]
            entries.append(Entry(person=person, kind="skill", skill=skill, level=3 - step % 3))
    today = life.now.date()
    facts = {"person": worker, "kind": "practice", "title": "机修钳工", "place": life.firm.name_zh}
    entries.append(Entry(**facts, started=today - timedelta(days=2200), state="stated"))
    Entry.objects.bulk_create(entries)


def studied(life: Life, student: Student, n: int) -> Iterator[Entry]:
    """A certificate and a practice that the school confirmed or is asked about, and a project."""
    person, school, today = student.person, student.school, life.now.date()
    confirmed = {"state": "confirmed", "confirmer": school, "confirmed_at": life.ago(40 + n)}
    asked = {"state": "asked", "confirmer": school}
    facts = {"person": person, "kind": "certificate", "title": CERTIFICATES[n % 2]}
    yield Entry(**facts, place=school.name_zh, ended=today - timedelta(days=200 + n), **confirmed)
    start = today - timedelta(days=150 + n)
    facts = {"person": person, "kind": "practice", "title": PRACTICE[n % 2], "started": start}
    facts |= {"place": school.name_zh, "ended": start + timedelta(days=40)}
    yield Entry(**facts, **(asked if n in (1, 3) else {}))
    yield Entry(person=person, kind="project", title=PROJECTS[n % 2], text="负责数据采集与调试。")
    if n % 2 == 0:
        yield Entry(person=person, kind="language", title="英语", text="高等学校英语应用能力 B 级")


def add_interests(life: Life, people: list[Person]) -> None:
    about = life.body.facts["consortium"]
    regions = [code(CodeList.Kind.REGION, value) for value in about["regions"][:2]]
    found = Interest.objects.bulk_create(
        Interest(
            person=person,
            kinds=["internship", "employment"][n % 2 :],
            free_from=life.now.date() + timedelta(days=90 + n),
            note="希望有师傅带教" if n % 3 == 0 else "",
        )
        for n, person in enumerate(people)
    )
    through = Interest.regions.through
    through.objects.bulk_create(
        through(interest_id=one.pk, code_id=region.pk) for one in found for region in regions
    )


def add_consents(life: Life, people: list[Person]) -> None:
    """To the firm of the sign-in page by some, withdrawn again by one; to others by the first."""
    others = [firm for firm in life.body.of_kind("enterprise") if firm != life.firm][:2]
    found = [consent(life, people[0], "recommendation", None, 100)]
    for n, person in enumerate(people):
        if n % 2 == 0:
            found.append(consent(life, person, "record", life.firm, 60 - n))
    withdrawn = consent(life, people[1], "record", life.firm, 50)
    withdrawn.withdrawn_at = life.ago(12)
    found.append(withdrawn)
    for n, firm in enumerate(others):
        one = consent(life, people[0], "record", firm, 90 - n)
        one.withdrawn_at = life.ago(30) if n else None
        found.append(one)
    Consent.objects.bulk_create(found)


def consent(
    life: Life, person: Person, purpose: str, recipient: Organisation | None, days: int
) -> Consent:
    wording = wording_of(purpose)
    kinds = list(wording.kinds)
    return Consent(
        person=person,
        recipient=recipient,
        purpose=purpose,
        version=wording.version,
        text=wording.whole,
        covers=kinds[: 3 + days % 5] if wording.choose else kinds,
        given_by=person.user,
        given_at=life.ago(days),
    )


def add_views(life: Life, people: list[Person]) -> None:
    """The school's office on its own students, the firm on those who allowed it."""
    school = life.school_user.roles.get().organisation_id
    views = []
    for n, person in enumerate(people):
        by_school: dict[str, Any] = {
            "person": person,
            "by": life.school_user,
            "organisation_id": school,
        }
        by_firm: dict[str, Any] = {
            "person": person,
            "by": life.firm_user,
            "organisation_id": life.firm.pk,
        }
        looks: list[tuple[dict[str, Any], str, float]] = []
        if n < STUDENTS:
            looks += [(by_school, "List of students", 75.0)]
            looks += [(by_school, "Page of the student", 41.0)]
        if n % 2 == 0:
            looks += [(by_firm, "List of records", 45.0), (by_firm, "Record of the person", 44.9)]
            looks += [(by_firm, "Record of the person", 9.0)]
        views += [
            View(what=what, at=life.ago(days - n / 10), **facts) for facts, what, days in looks
        ]
    View.objects.bulk_create(sorted(views, key=lambda view: view.at))


def add_corrections(life: Life, students: list[Student]) -> None:
    """One that waits for the school, one that was answered."""
    today: date = life.now.date()
    Correction.objects.bulk_create(
        [
            Correction(
                student=students[2],
                wrong="班级写成了上一学年的班级",
                right="应为本学年调整后的班级",
                asked_at=life.ago(70),
                due_on=today - timedelta(days=40),
                state="done",
                answer="已按教务系统更正。",
                answered_at=life.ago(64),
            ),
            Correction(
                student=students[0],
                wrong="综合成绩没有计入上学期的技能竞赛加分",
                right="按学校规定应加 2 分",
                asked_at=life.ago(9),
                due_on=today + timedelta(days=21),
            ),
        ]
    )
