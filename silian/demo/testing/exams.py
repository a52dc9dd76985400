"""The demo's theory exams: one past, one going on just now, one announced, one in preparation."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import islice

from django.utils.timezone import get_default_timezone, localtime

from silian.demo.testing.papers import answer, drawn
from silian.education.answering.models import Attempt, Incident, Opening
from silian.education.answering.models import Line as Said
from silian.education.banks.models import Bank
from silian.education.items.models import Version
from silian.education.papers.models import Paper
from silian.education.sittings.models import Candidate, Exam, Room
from silian.education.sittings.services import CODE_LENGTH, CODE_LETTERS, take_paper
from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.persons.models import Person
from silian.talent.profiles.models import Student

RULES = (
    "请携带身份证和准考证入场。答题期间不得离开本页面使用其他资料；网络中断时请继续作答，"
    "作答内容会保存在本机，联网后自动上传。"
)
STAGES = [  # state, days from today, candidates, what is in the title
    (Exam.State.CLOSED, -150, 40, "2026年上半年中级班"),
    (Exam.State.ANNOUNCED, 0, 16, "模拟考试"),
    (Exam.State.ANNOUNCED, 12, 24, "2026年下半年中级班"),
    (Exam.State.DRAFT, 26, 0, "补考"),
]
BEGUN = timedelta(minutes=20)  # how long ago the exam that goes on just now was opened
Written = Mapping[str, Sequence[str]]  # by item: texts, one after the other
AT_WORK, LET_IN = 6, 9  # of its candidates


def add_exams(bank: Bank, now: datetime) -> None:
    """Held by the school whose people keep the bank, in its computer rooms, for its students."""
    paper = Paper.objects.filter(bank=bank, state=Paper.State.APPROVED).first()
    watcher = bank.seats.order_by("pk")[0].user
    school = watcher.roles.filter(organisation__isnull=False)[0].organisation
    if paper is None or school is None:
        return
    rows = Student.objects.filter(school=school).select_related("person").order_by("pk")
    people = [student.person for student in rows]
    for state, days, count, name in STAGES:
        exam = add_exam(paper, school, name, state, opening(now, days))
        take_paper(exam, paper, by=watcher)
        candidates = seat(exam, islice(people, count), watcher)
        if days < 0:
            sat(candidates, exam.opens_at, how=Attempt.End.SELF)
        elif not days:
            going_on(candidates, exam, watcher, now)


def opening(now: datetime, days: int) -> datetime:
    """At nine in the morning; the one of today has just begun."""
    if not days:
        return now - BEGUN
    day = localtime(now, get_default_timezone()).date() + timedelta(days=days)
    return datetime.combine(day, time(9), get_default_timezone())


def add_exam(  # noqa: PLR0913, PLR0917  all that a row says
    paper: Paper,
    school: Organisation,
    name: str,
    state: str,
    opens_at: datetime,
    level: tuple[str, int] = ("四级", 4),
) -> Exam:
    return Exam.objects.create(
        consortium=paper.bank.consortium,
        organiser=school,
        title_zh=f"{paper.occupation.name_zh}{level[0]}理论考试（{name}）",
        title_en=f"Theory exam, level {level[1]}, of {opens_at:%d %b %Y}",
        occupation=paper.occupation,
        level=paper.get_level_display(),
        opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=3),
        minutes=paper.minutes,
        rules_zh=RULES,
        state=state,
    )


def seat(exam: Exam, people: Iterable[Person], watcher: User) -> list[Candidate]:
    """Two rooms, the first of which the teacher watches over."""
    rooms = [
        Room.objects.create(exam=exam, name=name, place="实训楼三层", seats=30)
        for name in ("第一机房", "第二机房")
    ]
    rooms[0].invigilators.add(watcher)
    form = exam.forms.get()
    return Candidate.objects.bulk_create(
        Candidate(
            exam=exam,
            person=person,
            organisation=exam.organiser,
            number=f"{exam.opens_at:%Y%m%d}{exam.pk:05d}{n + 1:05d}",
            code=code_of(f"{exam.pk}/{n}"),
            form=form,
            room=rooms[n // 30],
            seat=n % 30 + 1,
            admitted_at=exam.opens_at if exam.state == Exam.State.CLOSED else None,
        )
        for n, person in enumerate(people)
    )


def code_of(text: str) -> str:
    """The same each time, so that the demo is; real ones are drawn."""
    draws = (drawn(f"{text}/{n}") for n in range(CODE_LENGTH))
    return "".join(CODE_LETTERS[int(draw * len(CODE_LETTERS))] for draw in draws)


def sat(
    candidates: Sequence[Candidate],
    begun: datetime,
    *,
    how: str,
    share: float = 1.0,
    written: Written | None = None,
) -> None:
    """Everybody answered a ``share`` of the items, and wrote one of the texts that are known."""
    attempts = Attempt.objects.bulk_create(
        Attempt(
            candidate=one,
            started_at=begun,
            ends_at=one.ends_at(begun),
            seen_at=begun + BEGUN,
            openings=1,
            ended_at=begun + timedelta(minutes=40 + n % 30) if how else None,
            end=how,
        )
        for n, one in enumerate(candidates)
    )
    Opening.objects.bulk_create(
        Opening(attempt=one, number=1, device=f"{one.pk:020d}", at=begun) for one in attempts
    )
    texts = written or {}
    if candidates:
        Said.objects.bulk_create(
            line
            for n, one in enumerate(attempts)
            for line in lines(one, begun, share, {k: v[n % len(v)] for k, v in texts.items()})
        )


def lines(attempt: Attempt, begun: datetime, share: float, texts: Mapping[str, str]) -> list[Said]:
    form = attempt.candidate.form
    assert form is not None  # they were seated with one
    ability = 0.35 + 0.6 * drawn(f"{attempt.candidate_id} able")
    items = [item for section in form.content["sections"] for item in section["items"]]
    found = []
    for n, item in enumerate(items[: int(len(items) * share)], start=1):
        draw = drawn(f"{attempt.candidate_id}/{item['key']}")
        content, key = item["content"], form.keys[item["key"]]["key"]
        version = Version(kind=content["kind"], key=key, content=content)
        at = begun + n * timedelta(seconds=45)
        found.append(
            Said(
                attempt=attempt,
                opening=1,
                number=n,
                item=item["key"],
                response=texts.get(item["key"]) or answer(version, draw < ability, draw),
                said_at=at,
                received_at=at,
            )
        )
    return found


def going_on(candidates: list[Candidate], exam: Exam, watcher: User, now: datetime) -> None:
    """Some work, some were let in, the others are still at the door."""
    for one in candidates[:LET_IN]:
        one.admitted_at = exam.opens_at
    Candidate.objects.bulk_update(candidates[:LET_IN], ["admitted_at"])
    sat(candidates[1 : AT_WORK + 1], exam.opens_at + timedelta(minutes=2), how="", share=0.4)
    Attempt.objects.filter(candidate__exam=exam).update(seen_at=now)
    Incident.objects.create(
        room=exam.rooms.all()[0],
        candidate=candidates[3],
        kind=Incident.Kind.DEVICE,
        note="3号机键盘失灵，已更换，作答内容未丢失。",
        by=watcher,
        at=now - timedelta(minutes=8),
    )
