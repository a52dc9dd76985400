"""The cohorts of a body: past, running and to come, with hours, pay, settlements and results."""

import tomllib
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from silian.demo.cast.founding import Founded
from silian.demo.training.consents import add_consents
from silian.demo.training.work import Class, add_hours, add_outcomes, add_pay, add_settlements
from silian.education.programmes.models import Programme
from silian.education.standards.models import Unit
from silian.governance.agreements.models import Agreement
from silian.governance.members.models import Organisation
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.policy import FOUNDING
from silian.talent.cohorts.services import KINDS
from silian.talent.consents.models import Consent
from silian.talent.profiles.models import Student
from silian.talent.rotations.models import Capacity, Group, Lesson, Member, Phase, Stay
from silian.talent.selections.models import Interview, Selection

DATA = tomllib.loads((Path(__file__).parent / "data" / "cohorts.toml").read_text())
STAGES = {  # days from today to the start and to the end
    "finished": (-560, -205),
    "running": (-260, 300),
    "selecting": (60, 640),
}
QUOTA = 14
APPLIED = 11  # to the one that selects


def add_cohorts(body: Founded, today: date) -> None:
    """Under the body's signed agreements to train, in order."""
    signed = [
        one
        for one in body.consortium.agreements.filter(
            state="signed", kind__in=FOUNDING, amends=None
        ).order_by("pk")
        if any(party.is_school for party in one.parties.all())
    ]
    if not signed:
        return
    order = sorted(signed, key=lambda one: (FOUNDING.index(one.kind) > 3, one.pk))
    facts = [fact for fact in DATA["cohorts"] if fact["body"] == body.consortium.slug]
    draw = Random(body.consortium.slug)  # noqa: S311  a demo's dice
    for fact, agreement in zip(facts, cycle(order), strict=False):
        add_cohort(body, fact, agreement, draw, today)


def add_cohort(
    body: Founded, fact: dict[str, Any], agreement: Agreement, draw: Random, today: date
) -> None:
    first, last = (today + timedelta(days=days) for days in STAGES[fact["stage"]])
    parties = list(agreement.parties.order_by("party__order"))
    school = next(party for party in parties if party.is_school and party.students.exists())
    firm = next((p for p in parties if p.kind == Organisation.Kind.ENTERPRISE), None)
    firm = firm or body.of_kind("enterprise")[0]
    students = free_students(school, fact["stage"])
    kind = KINDS.get(agreement.kind, Cohort.Kind.TALENT_PROGRAMME)
    cohort = Cohort.objects.create(
        consortium=body.consortium,
        kind=kind,
        title_zh=fact["title_zh"],
        title_en=fact["title_en"],
        about_zh=f"面向{fact['posts']}岗位,由{school.name_zh}与{firm.name_zh}共同培养。",
        about_en=f"Trained jointly for these posts: {fact['title_en']}.",
        agreement=agreement,
        school=school,
        enterprise=firm,
        programme=Programme.objects.filter(school=school).order_by("pk").first(),
        class_name=fact["title_zh"][:12],
        tutor=f"{draw.choice('陈林周郑吴')}老师",
        cluster=body.consortium.clusters.first(),
        quota=QUOTA,
        apply_until=first - timedelta(days=30) if fact["stage"] == "selecting" else None,
        starts_on=first,
        ends_on=last,
        state=fact["stage"],
    )
    made = Class(cohort, fact, draw, today)
    learners = add_learners(made, students)
    if fact["stage"] != "selecting":
        phases = add_plan(made, learners)
        add_hours(made, learners, DATA["work"])
        add_pay(made, phases, learners)
        add_outcomes(made, learners)
        add_settlements(made)


def free_students(school: Organisation, stage: str) -> list[Student]:
    """Of one programme; nobody who has a place somewhere already."""
    taken = Learner.objects.filter(student__school=school).values("student")
    rows = Student.objects.filter(school=school, state="enrolled").exclude(pk__in=taken)
    found = list(rows.select_related("person", "user").order_by("-graduates", "pk"))
    wanted = APPLIED if stage == "selecting" else QUOTA + 2
    return found[:wanted]


def add_learners(made: Class, students: list[Student]) -> list[Learner]:
    """Who has a place, who waits, who left; most let the enterprise read their names."""
    cohort, draw = made.cohort, made.draw
    placed = {"running": "selected", "finished": "completed"}.get(cohort.state, "applied")
    rows = []
    for number, student in enumerate(students, start=1):
        facts: dict[str, Any] = {"state": placed}
        if placed != "applied" and number == 4:
            left_on = cohort.starts_on + timedelta(days=60)
            facts = {"state": "left", "reason": "参军入伍", "left_on": left_on}
        elif placed == "selected" and number == 9:
            facts = {"state": "waiting", "order": 1}
        elif placed != "applied" and number > QUOTA:
            facts = {"state": "refused"}
        statement = draw.choice(DATA["work"]["statements"])
        facts |= {"student": student, "number": number, "statement": statement}
        rows.append(Learner(cohort=cohort, **facts))
    learners = Learner.objects.bulk_create(rows)
    give_consent(made, learners)
    Interview.objects.bulk_create(
        Interview(learner=one, score=draw.randint(66, 96), place="校企合作中心201")
        for one in learners
        if one.state != "applied" or one.number % 2
    )
    if cohort.state == "selecting":
        Selection.objects.create(cohort=cohort)
    return [one for one in learners if one.state in ("selected", "completed")]


def give_consent(made: Class, learners: list[Learner]) -> None:
    agreed = [one.student for one in learners if one.number % 4]
    add_consents(Consent.Purpose.COHORT, [(one, made.cohort.enterprise) for one in agreed])


def add_plan(made: Class, learners: list[Learner]) -> list[Phase]:
    """Three phases; two groups that take turns in the second, and are at the firm in the third."""
    cohort = made.cohort
    span = (cohort.ends_on - cohort.starts_on).days // 3
    phases = Phase.objects.bulk_create(
        Phase(
            cohort=cohort,
            order=place + 1,
            starts_on=cohort.starts_on + timedelta(days=span * place),
            ends_on=cohort.starts_on + timedelta(days=span * (place + 1) - 1),
            **fact,
        )
        for place, fact in enumerate(DATA["phases"])
    )
    groups = Group.objects.bulk_create(Group(cohort=cohort, name=name) for name in ("甲组", "乙组"))
    Member.objects.bulk_create(
        Member(learner=one, group=groups[place % 2]) for place, one in enumerate(learners)
    )
    Capacity.objects.bulk_create(
        Capacity(phase=phase, firm=cohort.enterprise, places=QUOTA, posts=made.fact["posts"])
        for phase in phases
    )
    Stay.objects.bulk_create(
        Stay(group=group, phase=phase, site=site, starts_on=first, ends_on=last)
        for place, group in enumerate(groups)
        for phase, site, first, last in stays(cohort, phases, place)
    )
    add_lessons(cohort, phases)
    return phases


def stays(cohort: Cohort, phases: list[Phase], place: int) -> list[tuple[Any, ...]]:
    """Where a group is: first two weeks at the firm, then in turn, then on the post."""
    start, turns, post = phases
    middle = turns.starts_on + (turns.ends_on - turns.starts_on) / 2
    sides = [cohort.enterprise, cohort.school][:: 1 if place == 0 else -1]
    week = timedelta(days=13)
    return [
        (start, cohort.enterprise, start.starts_on, start.starts_on + week),
        (start, cohort.school, start.starts_on + week + timedelta(days=1), start.ends_on),
        (turns, sides[0], turns.starts_on, middle),
        (turns, sides[1], middle + timedelta(days=1), turns.ends_on),
        (post, cohort.enterprise, post.starts_on, post.ends_on),
    ]


def add_lessons(cohort: Cohort, phases: list[Phase]) -> None:
    units = Unit.objects.filter(
        edition__state="published", edition__standard__programme__school=cohort.school
    )
    Lesson.objects.bulk_create(
        Lesson(
            phase=phases[place % 3],
            unit=unit,
            where="enterprise" if place % 2 else "school",
            hours=max(unit.theory_hours + unit.practice_hours, 8),
        )
        for place, unit in enumerate(units.order_by("pk")[:9])
    )
