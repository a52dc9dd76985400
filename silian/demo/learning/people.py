"""Who is in the sessions of the demo: enrolments, marks, receipts, answers, completions."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from silian.demo.learning import homework
from silian.education.completions.models import Aim, Completion
from silian.education.courses.models import Course, Session
from silian.education.enrolments.models import Enrolment
from silian.education.feedback.models import ASKED, Answer, Filled
from silian.education.fees.models import Book, Line, Receipt
from silian.education.needs.models import Need, Pool
from silian.education.rollcalls.models import Mark
from silian.governance.plans.models import Target
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.persons.models import Person

if TYPE_CHECKING:
    from silian.demo.learning.courses import Place

AGAIN = 0.05  # of those who come, have been in another session before
ANSWERED = 8  # forms of a session that is over
State = Enrolment.State
Sized = list[tuple[Session, int]]


def add_people(place: "Place", sessions: Sized) -> None:
    """In one go for all sessions of a body: there may be two thousand people."""
    people = new_people(place, sum(size for _session, size in sessions))
    student = Person.objects.filter(user__username=f"student.{place.body.consortium.slug}").first()
    rows = []
    for session, size in sessions:
        there = [next(people) for _ in range(size)]
        if student and session.state == Session.State.RUNNING:
            there[0] = student  # so that who signs in as the student has something to learn
        rows += enrolments_of(place, session, there)
    made = Enrolment.objects.bulk_create(rows)
    add_marks(place, made)
    homework.add_work(place, [one for one in made if one.session.state == Session.State.RUNNING])
    done = [one for one in made if one.state == State.COMPLETED]
    Completion.objects.bulk_create(
        Completion(enrolment=one, hours=Decimal(16), completed_on=one.session.ends_on)
        for one in done
    )
    last = max((one.session for one in done), key=lambda one: one.ends_on, default=None)
    if last:
        add_answers(place, [one for one in done if one.session == last])
        add_receipts([one for one in made if one.session == last])
    add_aim(place)


def new_people(place: "Place", wanted: int) -> Iterator[Person]:
    """So many people, a few of them twice."""
    fresh = Person.objects.bulk_create(
        Person(name=place.inventor.person(), gender=place.draw.choice(["male", "female"]))
        for _ in range(int(wanted * (1 - AGAIN)) + 1)
    )
    return iter([*fresh, *fresh[: wanted - len(fresh)]])


def enrolments_of(place: "Place", session: Session, people: list[Person]) -> list[Enrolment]:
    """Firms send two thirds of them, some pay for themselves, and the government for a few."""
    asked = timezone.make_aware(
        datetime.combine(min(session.starts_on, place.today) - timedelta(days=20), time(10))
    )
    rows = []
    for order, person in enumerate(people):
        firm = place.firms[order // 6 % len(place.firms)] if order % 3 else None
        payer = "member" if firm else ("government" if order % 2 else "person")
        rows.append(
            Enrolment(
                session=session,
                person=person,
                organisation=firm,
                payer=payer,
                price=session.price_for(payer) or Decimal(0),
                queued_at=asked + timedelta(minutes=order),
                state=state_of(session, order),
            )
        )
    return rows


def state_of(session: Session, order: int) -> str:
    """One of each session that is over was not there; whoever came too late waits."""
    if session.state == Session.State.FINISHED:
        return State.FAILED if order == 3 else State.COMPLETED
    return State.ENROLLED if order < session.places_max else State.WAITING


def add_marks(place: "Place", made: list[Enrolment]) -> None:
    """Everybody was there, but for one of each session."""
    by_session: dict[int, list[Any]] = {}
    begun = [one for one in made if one.session.starts_on < place.today]
    keys = {one.session_id for one in begun}
    for session in Session.objects.filter(pk__in=keys).prefetch_related("lessons"):
        by_session[session.pk] = [
            lesson for lesson in session.lessons.all() if lesson.ends_at < clock.now()
        ]
    Mark.objects.bulk_create(
        Mark(
            lesson=lesson,
            enrolment=one,
            was="absent" if one.state == State.FAILED else "here",
            how="list" if one.organisation_id else "code",
            at=lesson.starts_at,
        )
        for one in begun
        for lesson in by_session[one.session_id]
    )


def add_answers(place: "Place", done: list[Enrolment]) -> None:
    remarks = place.texts["remarks"]
    filled = done[:ANSWERED]
    Filled.objects.bulk_create(Filled(enrolment=one) for one in filled)
    Answer.objects.bulk_create(
        Answer(
            session=one.session,
            remark=remarks[order % len(remarks)],
            **{name: place.draw.choice([5, 5, 4, 4, 3]) for name in ASKED},
        )
        for order, one in enumerate(filled)
    )


def add_receipts(made: list[Enrolment]) -> None:
    """What firms and people paid for the session that ended last; the government still owes."""
    paid = [one for one in made if one.price and one.payer != "government"]
    groups: dict[tuple[str, int], list[Enrolment]] = {}
    for one in paid[:-1]:
        key = (one.payer, one.organisation_id or one.person_id)
        groups.setdefault(key, []).append(one)
    if not groups:
        return
    session = paid[0].session
    book = Book.objects.create(
        consortium=session.course.consortium,
        issuer=session.course.organiser,
        year=session.starts_on.year,
        last=len(groups),
    )
    receipts = Receipt.objects.bulk_create(
        Receipt(
            book=book,
            number=number,
            session=session,
            payer=payer,
            person_id=key if payer == "person" else None,
            organisation_id=key if payer != "person" else None,
            amount=sum(one.price for one in group),
            way="transfer" if payer == "member" else "card",
            paid_on=session.starts_on,
        )
        for number, ((payer, key), group) in enumerate(groups.items(), start=1)
    )
    Line.objects.bulk_create(
        Line(receipt=receipt, enrolment=one, amount=one.price)
        for receipt, group in zip(receipts, groups.values(), strict=True)
        for one in group
    )


def add_aim(place: "Place") -> None:
    """Where the plan has a target for training, people count towards it."""
    rows = Target.objects.filter(consortium=place.body.consortium, name_zh__contains="培训")
    if target := rows.order_by("-year").first():
        Aim.objects.create(consortium=target.consortium, year=target.year, target=target)


def add_needs(place: "Place", facts: list[dict[str, Any]]) -> None:
    """Two firms ask for each; one pool is answered with the first course."""
    course = Course.objects.filter(consortium=place.body.consortium).order_by("pk").first()
    askers = [role for firm in place.firms[:3] for role in firm.roles.filter(kind="manager")[:1]]
    for order, fact in enumerate(facts):
        pool = Pool.objects.create(
            consortium=place.body.consortium,
            skill=Skill.objects.get(name_zh=fact["skill"]),
            course=course if fact["answered"] else None,
            state="answered" if fact["answered"] else "open",
            begun_at=clock.now() - timedelta(days=20 + order),
        )
        Need.objects.bulk_create(
            Need(
                pool=pool,
                organisation=role.organisation,
                by=role.user,
                people=6 + 4 * n,
                wanted_by=place.today + timedelta(days=60),
                note=place.texts["reasons"][(order + n) % 3],
            )
            for n, role in enumerate(askers)
        )
