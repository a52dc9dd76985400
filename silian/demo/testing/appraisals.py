"""The demo's appraisals of skill levels: one final, one in publicity, one under way, one open.

The final one is where the certificates of the body's last round come from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.utils.timezone import get_default_timezone

from silian.demo.cast.founding import Founded
from silian.demo.testing.certified import add_certified, certified
from silian.demo.testing.papers import drawn
from silian.education.panels.models import Given, Opinion, Seat
from silian.education.results.computing import as_kept, computed
from silian.education.results.models import Appeal, Outcome
from silian.education.schemes.models import Scheme
from silian.education.schemes.terms import terms_for
from silian.education.sittings.models import Exam
from silian.education.skillappraisals.models import Appraisal, Entry
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.clock import working_day
from silian.kernel.codes.models import Code
from silian.kernel.persons.models import Person
from silian.talent.credentials.models import Certificate
from silian.talent.profiles.models import Student

STATE = Appraisal.State
MOST = 80  # people who take part in a body
NAMES = {"l2": "技师", "l3": "三级", "l4": "四级"}
NOTICE = (
    "从事本职业或相关职业工作满四年，或取得五级证书后从业满两年，可以申报。\n\n"
    "请上传工作年限证明；由单位统一报名的，可由单位填写。"
)
APPEALS = ["mingshui"]  # the body in which an appeal is open


@dataclass(frozen=True)
class Office:
    """Who holds the appraisals of a body: the school that issues its certificates."""

    school: Organisation
    clerk: User
    second: User
    occupation: Code


def add_appraisals(body: Founded, today: date) -> None:
    last = (
        Certificate.objects.filter(consortium=body.consortium, family="skill_level", level="l4")
        .filter(version=1, state=Certificate.State.VALID)
        .select_related("kind__issuer", "kind__occupation", "issued_by")
        .order_by("-issued_on", "pk")
        .first()
    )
    if last is None or last.issued_by is None or last.kind.occupation is None:
        return
    school = last.kind.issuer
    clerk = people_of(school).order_by("pk")[0]
    office = Office(school, clerk, last.issued_by, last.kind.occupation)
    rows = Student.objects.filter(school__in=body.units).select_related("person__user")
    people = iter([student.person for student in rows.order_by("-pk")[:MOST]])
    add_rule(body, office)
    final = add_final(body, office, last, list(islice(people, 6)))
    add_certified(final, last, clerk)
    student = school.students.exclude(user=None).select_related("person").order_by("pk")[:1]
    own = [one.person for one in student if one.person]  # whose account the demo offers
    add_publicity(body, office, [*own, *islice(people, 23)], today)
    add_reviewed(body, office, list(islice(people, 8)), today)
    add_open(body, office, list(islice(people, 16)), today)
    add_examined(body, office, today)


def add_rule(body: Founded, office: Office) -> None:
    scheme = Scheme.objects.create(
        consortium=body.consortium, level="l3", source="国家职业标准", good=80, excellent=95
    )
    for kind, method in (("theory", "written"), ("practical", "on_site")):
        scheme.parts.create(kind=kind, method=method)


def announced(
    body: Founded, office: Office, level: str, state: str, exam_on: date, **facts: Any
) -> Appraisal:
    number = f"{exam_on:%Y}-{exam_on:%m}-{level.upper()}"
    taken = Appraisal.objects.filter(consortium=body.consortium, number=number).exists()
    return Appraisal.objects.create(
        consortium=body.consortium,
        organiser=office.school,
        number=f"{number}-B" if taken else number,
        title_zh=f"{office.occupation.name_zh}{NAMES[level]}职业技能等级认定（{exam_on:%Y年%m月}）",
        title_en=f"Skill level appraisal, {office.occupation.name}, {exam_on:%b %Y}",
        occupation=office.occupation,
        level=level,
        site=f"{office.school.name_zh}实训中心",
        exam_on=exam_on,
        notice_zh=NOTICE,
        terms=terms_for(body.consortium, office.school, office.occupation, level),
        state=state,
        **{
            "entries_from": exam_on - timedelta(days=45),
            "entries_until": exam_on - timedelta(days=15),
        }
        | facts,
    )


def entered(
    appraisal: Appraisal,
    people: Iterable[Person],
    by: User,
    others: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[Entry]:
    """Accepted but for ``others``; numbers are the same each time, real ones are drawn."""
    at = datetime.combine(appraisal.entries_from, time(10), get_default_timezone())
    return Entry.objects.bulk_create(
        Entry(
            **{
                "appraisal": appraisal,
                "person": person,
                "number": f"{appraisal.exam_on:%Y}{appraisal.pk:05d}{n * 7919 + 4711:06d}",
                "grounds": "本专业在读，已完成相应等级培训。",
                "by": by,
                "at": at + timedelta(hours=n),
                "state": Entry.State.ACCEPTED,
            }
            | dict((others or {}).get(n, {}))
        )
        for n, person in enumerate(people)
    )


def marked(
    appraisal: Appraisal, entries: Sequence[Entry], failing: Iterable[Entry], office: Office
) -> None:
    """By the office, checked by a second person; who fails fails in practice."""
    weak = {entry.pk for entry in failing}
    at = datetime.combine(appraisal.exam_on, time(16), get_default_timezone())
    Given.objects.bulk_create(
        Given(
            entry=entry,
            part=part,
            points=points(entry, part, part == "practical" and entry.pk in weak),
            by=office.clerk,
            at=at,
            checked_by=office.second,
            checked_at=at + timedelta(days=1),
        )
        for entry in entries
        for part in ("theory", "practical")
    )


def points(entry: Entry, part: str, weak: bool) -> Decimal:
    draw = int(drawn(f"{entry.number} {part}") * 30)
    return Decimal(45 + draw // 3 if weak else 64 + draw)


def told(appraisal: Appraisal, entries: Sequence[Entry], by: User) -> list[Outcome]:
    at = datetime.combine(
        appraisal.public_from or appraisal.exam_on, time(9), get_default_timezone()
    )
    found = computed(appraisal, entries)
    return Outcome.objects.bulk_create(
        Outcome(
            entry=entry,
            result=str(found[entry.pk].result),
            grade=str(found[entry.pk].grade),
            parts=as_kept(found[entry.pk].parts),
            by=by,
            at=at,
        )
        for entry in entries
    )


def add_final(body: Founded, office: Office, last: Certificate, failing: list[Person]) -> Appraisal:
    """Whoever has a certificate of the round passed; some others did not."""
    public = last.earned_on + timedelta(days=6)
    until = working_day(public, 5)
    appraisal = announced(
        body,
        office,
        "l4",
        STATE.PUBLISHED,
        last.earned_on,
        public_from=public,
        public_until=until,
        appeals_until=until,
        final_on=until + timedelta(days=1),
    )
    holders = [one.person for one in certified(last)]
    entries = entered(
        appraisal, [*holders, *(p for p in failing if p not in holders)], office.clerk
    )
    marked(appraisal, entries, entries[len(holders) :], office)
    told(appraisal, entries, office.clerk)
    return appraisal


def add_publicity(body: Founded, office: Office, people: list[Person], today: date) -> None:
    """The demo's student passed in theory and not in practice; in one body they appeal."""
    until = working_day(today - timedelta(days=1), 5)
    appraisal = announced(
        body,
        office,
        "l3",
        STATE.PUBLICITY,
        today - timedelta(days=8),
        public_from=today - timedelta(days=1),
        public_until=until,
        appeals_until=until,
    )
    entries = entered(appraisal, dict.fromkeys(people), office.clerk)
    marked(appraisal, entries, entries[::7], office)
    sent_by_firm(body, entries[1:12])
    outcomes = told(appraisal, entries, office.clerk)
    student = entries[0].person.user
    if body.consortium.slug in APPEALS and student:
        Appeal.objects.create(
            outcome=outcomes[0],
            part="practical",
            text="实操第二道工序设备中途断电约五分钟，未予补时，请核查监考记录。",
            by=student,
            at=clock.now() - timedelta(hours=5),
            due=working_day(today, 10),
        )


def add_reviewed(body: Founded, office: Office, people: list[Person], today: date) -> None:
    """A technician's level: theory and practice are marked, a panel is at work."""
    appraisal = announced(body, office, "l2", STATE.UNDER_WAY, today - timedelta(days=3))
    entries = entered(appraisal, people, office.clerk)
    marked(appraisal, entries, [], office)
    names = [f"{word}.{body.consortium.slug}" for word in ("expert", "teacher", "secretary")]
    experts = list(User.objects.filter(username__in=names).order_by("pk"))
    seats = Seat.objects.bulk_create(
        Seat(appraisal=appraisal, user=user, chief=user.username.startswith("expert"))
        for user in experts
    )
    Opinion.objects.bulk_create(
        Opinion(
            seat=seat,
            entry=entry,
            points=Decimal(72 + int(drawn(f"{entry.number} {n}") * 16)),
            note="答辩思路清楚，工艺改进有实例。",
        )
        for n, seat in enumerate(seats)
        if not seat.chief
        for entry in entries[:5]
    )


def add_open(body: Founded, office: Office, people: list[Person], today: date) -> None:
    """Some are accepted, some wait, one came back; a firm entered a part of them."""
    appraisal = announced(
        body,
        office,
        "l4",
        STATE.OPEN,
        today + timedelta(days=30),
        entries_from=today - timedelta(days=6),
        entries_until=today + timedelta(days=12),
        places=60,
    )
    waits = {place: {"state": Entry.State.SUBMITTED} for place in range(9, 15)}
    back = {"state": Entry.State.RETURNED, "reason": "工作年限证明未加盖公章，请重新上传。"}
    entries = entered(appraisal, people, office.clerk, {**waits, 15: back})
    sent_by_firm(body, entries[::3])


def sent_by_firm(body: Founded, entries: Sequence[Entry]) -> None:
    firm = Organisation.objects.filter(
        roles__user__username=f"enterprise.{body.consortium.slug}"
    ).first()
    rows = Entry.objects.filter(pk__in=[entry.pk for entry in entries])
    rows.update(organisation=firm, grounds="本单位在岗职工，从事本职业满五年。")


def add_examined(body: Founded, office: Office, today: date) -> None:
    """Whoever is to sit the announced theory exam of the school takes part in an appraisal."""
    exam = (
        Exam.objects.filter(consortium=body.consortium, organiser=office.school)
        .filter(state=Exam.State.ANNOUNCED, opens_at__date__gt=today)
        .order_by("opens_at")
        .first()
    )
    if exam is None or exam.occupation is None:
        return
    held = Office(office.school, office.clerk, office.second, exam.occupation)
    appraisal = announced(body, held, "l4", STATE.UNDER_WAY, exam.opens_at.date(), exam=exam)
    rows = exam.candidates.select_related("person").order_by("number")
    entered(appraisal, [one.person for one in rows], office.clerk)
