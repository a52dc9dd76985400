"""A year of internships: over, under way, agreed, being prepared, and one that the rules hold."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import F

from silian.demo.cast.founding import Founded
from silian.demo.cast.people import graduation_year
from silian.demo.market.practice import add_complaints, assess, practise
from silian.governance.agreements.models import Agreement, Party
from silian.governance.drafting.samples import sample_text
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role
from silian.governance.signing.models import Method, Process, Signatory
from silian.kernel.accounts.models import User
from silian.kernel.documents.services import pdf_of
from silian.kernel.files.content import PDF
from silian.kernel.files.services import store
from silian.kernel.persons.models import Person
from silian.talent.internships.models import Clearance, Internship
from silian.talent.profiles.models import Student
from silian.talent.safeguards.models import Policy, SiteCheck

State = Internship.State
# how it stands, days until it begins, days it lasts, how many
PLAN = [(State.FINISHED, -260, 180, 4), (State.RUNNING, -75, 165, 4), (State.AGREED, 20, 160, 1)]
PLAN += [(State.PREPARED, 30, 150, 2)]
POSTS = ["装配与调试", "质量检验", "设备维护", "生产工艺助理"]
TASKS = "在师傅带领下完成典型工作任务：识读图纸和工艺文件、操作设备、自检互检、填写记录。"


@dataclass
class Ground:
    """What the internships of one body are made with."""

    body: Founded
    draw: Random  # its own, so that what is invented afterwards stays as it was
    now: datetime
    school: Organisation
    keeper: User
    teacher: User
    units: list[tuple[Organisation, User]]
    policy: Policy
    rows: list[Internship] = field(default_factory=list)
    goals: dict[int, State] = field(default_factory=dict)  # how each stands, by its student

    def goal(self, row: Internship) -> State:
        return self.goals[row.student_id]

    @property
    def today(self) -> date:
        return self.now.date()


def add_internships(body: Founded, now: datetime) -> None:
    """Those of one school of the body, at up to four firms."""
    ground = prepared(body, now)
    if ground is None:
        return
    students = interns(ground)
    for state, begins, lasts, count in PLAN:
        for number in range(count):
            if students:
                ground.rows.append(internship(ground, students.pop(0), begins, lasts, number))
                ground.goals[ground.rows[-1].student_id] = state
    held = ground.rows[-1]
    held.pay, held.agent, held.hours_a_day = Decimal(1200), "某人力资源公司", Decimal(10)
    stand(ground)
    practise(begun_of(ground), ground.teacher, ground.today)
    assess(begun_of(ground), ground.keeper, ground.draw)
    add_complaints(body)


def begun_of(ground: Ground) -> list[Internship]:
    return [row for row in ground.rows if row.state in (State.RUNNING, State.FINISHED)]


def prepared(body: Founded, now: datetime) -> Ground | None:
    """The school whose student the demo shows, firms with people, insurance and checks on site."""
    slug = body.consortium.slug
    shown = Student.objects.filter(user__username=f"student.{slug}").first()
    if shown is None:
        return None
    people = {role.organisation_id: role.user for role in managers(body)}
    firms = [unit for unit in body.of_kind("enterprise", "hospital") if unit.pk in people][:4]
    if not firms:
        return None
    school, today = shown.school, now.date()
    teacher = (
        Role.objects.filter(organisation=school, kind="teacher").select_related("user")[0].user
    )
    policy = Policy.objects.create(
        holder=school,
        insurer="中国人民财产保险股份有限公司",
        number=f"PZB{today.year}{school.pk:06}",
        starts_on=today - timedelta(days=300),
        ends_on=today + timedelta(days=300),
    )
    Organisation.objects.filter(pk__in=[firm.pk for firm in firms], staff_count=None).update(
        staff_count=320
    )
    SiteCheck.objects.bulk_create(
        SiteCheck(
            school=school,
            unit=firm,
            checked_on=today - timedelta(days=280),
            valid_until=today + timedelta(days=120),
            by=people[school.pk],
            checkers=f"{teacher.name}、实习就业处",
            findings="证照齐全，车间通风照明良好，有带教师傅和安全员，食宿条件合格。",
        )
        for firm in firms
    )
    units = [(firm, people[firm.pk]) for firm in firms]
    draw = Random(f"internships of {slug}")  # noqa: S311  not for secrets
    return Ground(body, draw, now, school, people[school.pk], teacher, units, policy)


def managers(body: Founded) -> list[Role]:
    rows = Role.objects.filter(kind="manager", organisation__in=[unit.pk for unit in body.units])
    return list(rows.select_related("user").order_by("-pk"))


def interns(ground: Ground) -> list[Student]:
    """Final-year students without a wish of this year, the one that the demo shows first."""
    year = graduation_year(ground.today)
    rows = Student.objects.filter(school=ground.school, graduates=year)
    rows = rows.select_related("person", "user", "programme").order_by("pk")
    shown, *others = list(rows[:24])
    chosen = [*others[8:12], shown, *others[12:20]]
    draw = ground.draw
    for student in chosen:
        person = student.person
        person.born_on = person.born_on or date(student.entered - 18, draw.randint(1, 8), 15)
        person.gender = person.gender or draw.choice(["male", "female"])
        person.guardian_name = person.guardian_name or person.name[0] + draw.choice("建国志军秀兰")
    Person.objects.bulk_update([s.person for s in chosen], ["born_on", "gender", "guardian_name"])
    return chosen


def internship(
    ground: Ground, student: Student, begins: int, lasts: int, number: int
) -> Internship:
    unit, mentor = ground.units[number % len(ground.units)]
    starts = ground.today + timedelta(days=begins)
    wage = Decimal(4200 + 200 * (number % 3))
    return Internship(
        consortium=ground.body.consortium,
        student=student,
        unit=unit,
        starts_on=starts,
        ends_on=starts + timedelta(days=lasts),
        post=POSTS[number % len(POSTS)],
        place=unit.address,
        tasks=TASKS,
        category=student.programme.code[:2],
        post_staff=60,
        hours_a_day=8,
        hours_a_week=40,
        pay=wage * Decimal("0.8") + 100,
        wage=wage,
        probation_wage=wage - 400,
        school_mentor=ground.teacher,
        unit_mentor=mentor,
        guardian_name=student.person.guardian_name,
        insurance=ground.policy,
        id_checked_on=starts - timedelta(days=3) if begins < 0 else None,
        id_checked_by=mentor if begins < 0 else None,
    )


def stand(ground: Ground) -> None:
    """Agreements signed on paper, and each internship in the state that it has reached."""
    signed = [row for row in ground.rows if ground.goal(row) != State.PREPARED]
    agreements = Agreement.objects.bulk_create(
        contract(ground, row, number) for number, row in enumerate(signed, start=1)
    )
    Party.objects.bulk_create(
        party
        for row, agreement in zip(signed, agreements, strict=True)
        for party in (
            Party(agreement=agreement, organisation=ground.school, part="学校", order=1),
            Party(agreement=agreement, organisation=row.unit, part="实习单位", order=2),
            Party(
                agreement=agreement,
                person=row.student.name,
                user=row.student.user,
                part="学生",
                order=3,
            ),
        )
    )
    over = []
    for row, agreement in zip(signed, agreements, strict=True):
        row.agreement = agreement
        over += [agreement.pk] if ground.goal(row) == State.FINISHED else []
    Internship.objects.bulk_create(ground.rows)
    Clearance.objects.bulk_create(Clearance(internship=row) for row in signed)
    for state in (State.AGREED, State.RUNNING, State.FINISHED):
        keys = [row.pk for row in signed if PATH.index(ground.goal(row)) >= PATH.index(state)]
        Internship.objects.filter(pk__in=keys).update(**reached(ground, state))
    sign(ground, signed)
    ended = {"state": Agreement.State.ENDED, "end": Agreement.End.FULFILLED}
    Agreement.everything.filter(pk__in=over).update(ended_on=F("expires_on"), **ended)
    for row in ground.rows:
        row.refresh_from_db(fields=["state", "ended_on"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE internships_internship")


PATH = [State.AGREED, State.RUNNING, State.FINISHED]


def reached(ground: Ground, state: str) -> dict[str, object]:
    facts: dict[str, object] = {"state": state}
    if state == State.FINISHED:
        facts["ended_on"] = ground.today - timedelta(days=80)
    return facts


def sign(ground: Ground, signed: list[Internship]) -> None:
    """All sides and the guardian signed one model text; each body's demo prints it once."""
    text = sample_text(Agreement.Kind.INTERNSHIP)
    pdf = pdf_of(text, title="学生实习三方协议", on=ground.today)
    upload = SimpleUploadedFile("实习协议.pdf", pdf, "application/pdf")
    document = store(upload, by=ground.keeper, kinds=frozenset({PDF}))
    moment = ground.now - timedelta(days=30)
    processes = Process.objects.bulk_create(
        Process(
            agreement=row.agreement,
            document=document,
            state=Process.State.COMPLETE,
            opened_at=moment,
            closed_at=moment,
        )
        for row in signed
    )
    Signatory.objects.bulk_create(
        signatory
        for row, process in zip(signed, processes, strict=True)
        for signatory in signatories(ground, row, process)
    )


def signatories(ground: Ground, row: Internship, process: Process) -> list[Signatory]:
    student, mentor = row.student, row.unit_mentor
    facts = {"process": process, "state": Signatory.State.SIGNED}
    guardian = student.person.guardian_name
    return [
        Signatory(organisation=ground.school, name=ground.keeper.name, user=ground.keeper, **facts),
        Signatory(organisation=row.unit, name=mentor.name if mentor else "", user=mentor, **facts),
        Signatory(name=student.name, user=student.user, **facts),
        Signatory(name=guardian, guardian_of=student.name, method=Method.PAPER, **facts),
    ]


def contract(ground: Ground, row: Internship, number: int) -> Agreement:
    return Agreement(
        consortium=ground.body.consortium,
        kind=Agreement.Kind.INTERNSHIP,
        number=f"{ground.body.consortium.slug}-SX-{ground.today.year}-{number:03}",
        title_zh=f"学生实习三方协议（{row.unit.short_name_zh or row.unit.name_zh}，{row.post}）",
        title_en="Three-party internship agreement",
        state=Agreement.State.SIGNED,
        signed_on=row.starts_on - timedelta(days=12),
        expires_on=row.ends_on,
    )
