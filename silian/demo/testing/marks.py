"""The demo's marked exams: two that are signed, and one whose essays wait for their markers."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from silian.demo.testing.exams import add_exam, opening, sat, seat
from silian.demo.testing.papers import bank_items, people_of
from silian.education.answering.models import Attempt
from silian.education.banks.models import Bank
from silian.education.items.models import Item, Version
from silian.education.marking import services
from silian.education.marking.models import Answer, Mark, Marker, Marking
from silian.education.marking.scoring import score_papers
from silian.education.marksheets.statistics import tell_items
from silian.education.papers import services as papers
from silian.education.papers.models import Paper
from silian.education.questions import building
from silian.education.questions.schema import Kind
from silian.education.sittings.models import Exam
from silian.education.sittings.services import take_paper
from silian.engines.doublemarking import settled
from silian.kernel.accounts.models import User
from silian.kernel.states import move

FACTS = tomllib.loads((Path(__file__).parent / "data" / "marks.toml").read_text())
ESSAY, CHOICE = Decimal(20), Decimal(5)  # points
CHOICES = 8
SIGNED, OPEN = -60, -4  # days from today
SAT_BY = 8
MARKED = {"signed": (SAT_BY, SAT_BY), "open": (3, 7)}  # essays that the first two have marked


def add_marks(bank: Bank, now: datetime) -> None:
    """What was sat is marked; of the newest exam the essays are under way."""
    for exam in Exam.objects.filter(consortium=bank.consortium, state=Exam.State.CLOSED):
        sign(scored(exam), exam.closes_at + timedelta(days=3))
    facts = FACTS[bank.consortium.slug]
    paper = essay_paper(bank, facts)
    for days, name in ((SIGNED, "技师班"), (OPEN, "秋季技师班")):
        exam = held(paper, days, name, now, facts)
        marking = scored(exam)
        marked(marking, facts, MARKED["signed" if days == SIGNED else "open"])
        if days == SIGNED:
            sign(marking, exam.closes_at + timedelta(days=6))


def essay_paper(bank: Bank, facts: Mapping[str, Any]) -> Paper:
    """Choices and two essays, set by the school and approved by the firm."""
    setter, reviewer = people_of(bank)
    choices = [one for one in bank_items(bank) if one.kind == Kind.SINGLE][:CHOICES]
    essays = [essay(bank, fact, choices[0], setter, reviewer) for fact in facts["questions"]]
    total = CHOICE * len(choices) + ESSAY * len(essays)
    paper = Paper(
        bank=bank,
        title_zh=facts["paper"],
        title_en=facts["paper_en"],
        occupation=choices[0].item.occupation,
        level=facts["level"],
        total=total,
        passing=total * Decimal("0.6"),
    )
    papers.keep_paper(paper, by=setter)
    papers.add_versions(paper, choices, section="单项选择题", points=CHOICE, by=setter)
    papers.add_versions(paper, essays, section="论述题", points=ESSAY, by=setter)
    papers.hand_in(paper, by=setter)
    papers.approve(paper, by=reviewer)
    return paper


def essay(
    bank: Bank, fact: Mapping[str, Any], beside: Version, author: User, reviewer: User
) -> Version:
    last = bank.items.order_by("-number")[0].number
    item = Item.objects.create(
        bank=bank, number=last + 1, occupation=beside.item.occupation, level="2", difficulty=4
    )
    content, key = building.writing((fact["text"], ""))
    return Version.objects.create(
        item=item,
        kind=Kind.ESSAY,
        content=content,
        key=key,
        text=building.plain(content),
        explanation_zh=fact["expected"],
        state=Version.State.APPROVED,
        by=author,
        at=beside.at,
        reviewed_by=reviewer,
        reviewed_at=beside.reviewed_at,
    )


def held(paper: Paper, days: int, name: str, now: datetime, facts: Mapping[str, Any]) -> Exam:
    """Sat by some of the school's students, of whom each wrote one of the answers we know."""
    past = Exam.objects.filter(consortium=paper.bank.consortium, state=Exam.State.CLOSED)[0]
    watcher = past.rooms.all()[0].invigilators.get()
    exam = add_exam(paper, past.organiser, name, Exam.State.CLOSED, opening(now, days), ("二级", 2))
    take_paper(exam, paper, by=watcher)
    people = past.candidates.order_by("-pk").select_related("person")
    candidates = seat(exam, (one.person for one in islice(people, SAT_BY)), watcher)
    sat(candidates, exam.opens_at, how=Attempt.End.SELF, written=written(exam, facts))
    return exam


def written(exam: Exam, facts: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """By item: what people wrote, one after the other."""
    form = exam.forms.get()
    items = [item for section in form.content["sections"] for item in section["items"]]
    essays = [item["key"] for item in items if item["content"]["kind"] == Kind.ESSAY]
    texts = [[one["text"] for one in fact["answers"]] for fact in facts["questions"]]
    return dict(zip(essays, texts, strict=True))


def scored(exam: Exam) -> Marking:
    marking = Marking.objects.create(exam=exam, seed=exam.pk, shown=True)
    services.list_questions(marking)
    score_papers(marking, progress=lambda done, total: None)
    move(marking, Marking.State.OPEN, by=None)
    return marking


def marked(marking: Marking, facts: Mapping[str, Any], counts: tuple[int, int]) -> None:
    """The first two mark as many essays as ``counts`` says; a third comes where they differ."""
    known = {
        answer["text"]: [Decimal(str(one)) for one in (*answer["points"], answer.get("third", 0))]
        for fact in facts["questions"]
        for answer in fact["answers"]
    }
    markers = appointed(marking)
    answers = Answer.objects.filter(sheet__marking=marking, points=None).select_related("question")
    essays: dict[int, list[Answer]] = {}
    for answer in answers.order_by("question__place", "sheet"):
        essays.setdefault(answer.question_id, []).append(answer)
    signed = counts[0] == SAT_BY
    for of_one in list(essays.values())[: None if signed else 1]:
        rows = list(islice(of_one, SAT_BY))
        for turn in (1, 2):
            give(rows[: counts[turn - 1]], markers[turn - 1], turn, known, marking)
        both = rows[: counts[0]]
        apart = [one for one in both if settled(known[one.response][:2], ESSAY, 20) is None]
        give(apart if signed else [], markers[2], 3, known, marking)
        settle(both, known, third=signed)


def appointed(marking: Marking) -> list[Marker]:
    slug = marking.exam.consortium.slug
    names = [f"{word}.{slug}" for word in ("teacher", "expert", "secretary2")]
    users = {user.username: user for user in User.objects.filter(username__in=names)}
    return Marker.objects.bulk_create(Marker(marking=marking, user=users[name]) for name in names)


def give(
    answers: Iterable[Answer],
    marker: Marker,
    turn: int,
    known: Mapping[str, Sequence[Decimal]],
    marking: Marking,
) -> None:
    at = marking.exam.closes_at + timedelta(days=turn, hours=2)
    Mark.objects.bulk_create(
        Mark(
            answer=answer,
            marker=marker,
            turn=turn,
            points=known[answer.response][turn - 1],
            taken_at=at + n * timedelta(minutes=3),
            at=at + n * timedelta(minutes=3, seconds=40),
        )
        for n, answer in enumerate(answers)
    )


def settle(
    answers: Iterable[Answer], known: Mapping[str, Sequence[Decimal]], *, third: bool
) -> None:
    done = []
    for answer in answers:
        two = known[answer.response][:2]
        answer.points = settled(two, ESSAY, 20)
        if answer.points is None and third:
            answer.points = settled(known[answer.response], ESSAY, 20)
        if answer.points is not None:
            done.append(answer)
    Answer.objects.bulk_update(done, ["points"])


def sign(marking: Marking, at: datetime) -> None:
    """By the head of the school that held the exam."""
    head = marking.exam.organiser.roles.filter(kind="manager")[0].user
    move(marking, Marking.State.COMPLETE, by=head, completed_by=head, completed_at=at)
    tell_items(marking)
