"""What is done in a cohort: mentors' hours, pay, settlements, and what became of learners."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from silian.governance.roles.policy import people_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.talent.allowances.models import Allowance, Payment
from silian.talent.allowances.policy import months_of
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.mentoring.models import Hours, Mentor
from silian.talent.mentoring.statements import Quarter
from silian.talent.outcomes.models import Outcome
from silian.talent.rotations.models import Phase
from silian.talent.settlements.counting import counted
from silian.talent.settlements.models import Answer, Line, Promise, Settlement

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
FATES = ["here"] * 7 + ["elsewhere", "elsewhere", "study", "unknown"]
DAYS = 9  # between two entries of a mentor


@dataclass
class Class:
    """A cohort with what its rows are made of."""

    cohort: Cohort
    fact: dict[str, Any]
    draw: Random
    today: date


def speaker(unit: Any) -> User | None:
    return people_of(unit).order_by("pk").first()


def add_hours(made: Class, learners: list[Learner], work: dict[str, list[str]]) -> None:
    """Three mentors of the firm and two of the school; the other side has confirmed most hours."""
    cohort, draw = made.cohort, made.draw
    sides = [(cohort.enterprise, "师傅", 3, 80), (cohort.school, "老师", 2, 0)]
    mentors = Mentor.objects.bulk_create(
        Mentor(
            cohort=cohort,
            organisation=side,
            name=f"{draw.choice(SURNAMES)}{word}" + "甲乙丙"[number],
            post="车间技师" if fee else "专业教师",
            fee=fee,
            since=cohort.starts_on,
        )
        for side, word, count, fee in sides
        for number in range(count)
    )
    through = Mentor.learners.through
    through.objects.bulk_create(
        through(mentor_id=mentors[place % 3].pk, learner_id=one.pk)
        for place, one in enumerate(learners)
    )
    last = min(cohort.ends_on, made.today)
    rows = []
    for place, mentor in enumerate(mentors):
        day = cohort.starts_on + timedelta(days=place)
        while day <= last:
            late = day > made.today - timedelta(days=12)
            facts = {"state": "logged"} if late else {"state": "confirmed"}
            what = draw.choice(work["mentors" if place < 3 else "teachers"])
            by = speaker(mentor.organisation) if day == cohort.starts_on else None
            rows.append(
                Hours(
                    mentor=mentor, on=day, hours=draw.choice([2, 3, 4]), what=what, by=by, **facts
                )
            )
            day += timedelta(days=DAYS)
    if made.cohort.state == "running":
        rows[-1].state, rows[-1].remark = "objected", "当日停产检修,请核对"
    Hours.objects.bulk_create(rows)


def add_pay(made: Class, phases: list[Phase], learners: list[Learner]) -> None:
    """The firm pays while the class works; the newest month is not recorded yet."""
    cohort, this_month = made.cohort, made.today.replace(day=1)
    allowances = Allowance.objects.bulk_create(
        Allowance(phase=phase, kind="pay", payer=cohort.enterprise, amount=amount)
        for phase, amount in zip(phases[1:], (2200, 2800), strict=True)
    )
    before = (this_month - timedelta(days=1)).replace(day=1)
    months: set[date] = set()
    rows = []
    for allowance in allowances:
        for month in months_of(allowance):
            if month >= before or month in months:
                continue
            months.add(month)
            paid_on = month + timedelta(days=36)
            rows += [
                Payment(
                    allowance=allowance,
                    learner=one,
                    month=month,
                    amount=allowance.amount,
                    paid_on=paid_on,
                )
                for one in learners
            ]
    Payment.objects.bulk_create(rows)


def add_outcomes(made: Class, learners: list[Learner]) -> None:
    """At the end for all; after half a year for the first ones only: the others are awaited."""
    if made.cohort.state != "finished":
        return
    end, draw = made.cohort.ends_on, made.draw
    rows = []
    for place, one in enumerate(learners):
        fate = draw.choice(FATES)
        source = "" if fate == "unknown" else draw.choice(["contract", "survey", "learner"])
        facts = {"learner": one, "fate": fate, "source": source, "certificates": place % 3 and 1}
        rows.append(Outcome(moment="at_end", on=end, **facts))
        if place < 5:
            rows.append(Outcome(moment="half_year", on=end + timedelta(days=184), **facts))
    Outcome.objects.bulk_create(rows)


def add_settlements(made: Class) -> None:
    """Promises, and the settlements of the last three quarters: agreed, objected to or waiting."""
    cohort, firm = made.cohort, made.cohort.enterprise
    said = [
        ("places", firm, 14, "quarter", {}),
        ("hours", firm, 90, "quarter", {}),
        ("pay", firm, 80000, "quarter", {}),
        ("hours", cohort.school, 45, "quarter", {}),
        ("share", firm, 70, "whole", {"pay_floor": 5000, "posts": made.fact["posts"]}),
    ]
    promises = Promise.objects.bulk_create(
        Promise(cohort=cohort, measure=measure, giver=giver, amount=amount, every=every, **more)
        for measure, giver, amount, every, more in said
    )
    school, enterprise = speaker(cohort.school), speaker(firm)
    newest = Quarter.of(min(made.today, cohort.ends_on + timedelta(days=90))).previous
    quarter, fates = newest, ["open", "objected", "agreed"]
    if cohort.state == "finished":
        fates = ["agreed", "agreed"]
    for fate in fates:
        if quarter.last < cohort.starts_on or school is None or enterprise is None:
            break
        settle(made, promises, quarter, fate, (school, enterprise))
        quarter = quarter.previous


def settle(
    made: Class, promises: list[Promise], quarter: Quarter, fate: str, people: tuple[User, User]
) -> None:
    made_at = clock.now() - (made.today - quarter.last - timedelta(days=2))
    settlement = Settlement.objects.create(
        cohort=made.cohort,
        year=quarter.year,
        quarter=quarter.number,
        made_at=made_at,
        due_on=quarter.last + timedelta(days=17),
        reminded_at=clock.now() if fate != "agreed" else None,
        state=fate,
    )
    rows = []
    for promise in promises:
        found = counted(promise, quarter)
        rows.append(
            Line(
                settlement=settlement,
                promise=promise,
                promised=promise.amount,
                counted=found,
                actual=found,
            )
        )
    Line.objects.bulk_create(rows)
    answer(settlement, fate, *people)


def answer(settlement: Settlement, fate: str, school: User, enterprise: User) -> None:
    answers = [Answer(settlement=settlement, side="school", accepted=True, by=school)]
    if fate == "agreed":
        answers.append(
            Answer(settlement=settlement, side="enterprise", accepted=True, by=enterprise)
        )
    if fate == "objected":
        reason = "九月晚班指导记录尚未全部确认,请核对后重新统计"
        answers.append(
            Answer(
                settlement=settlement,
                side="enterprise",
                accepted=False,
                reason=reason,
                by=enterprise,
            )
        )
    Answer.objects.bulk_create(answers)
