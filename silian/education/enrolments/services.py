"""Taking a place, giving one up, and what becomes of a session's people. Whoever touches places
holds the session's row until the transaction ends, so that two at once take turns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.education.courses.models import Session
from silian.education.courses.services import tell
from silian.education.enrolments import policy
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.people import people_named
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.persons import identity
from silian.kernel.persons.models import Person
from silian.kernel.persons.services import person_of
from silian.kernel.sheets.registry import Progress
from silian.kernel.sheets.services import quietly
from silian.kernel.states import move

State = Enrolment.State


@dataclass(frozen=True)
class Entry:
    """Somebody whom an organisation enrols."""

    name: str
    number: str
    payer: str


@transaction.atomic
def enrol_self(session: Session, *, payer: str, number: str = "", by: User) -> Enrolment:
    """Take a place, or stand in line where none is free. The number is kept if none was known."""
    held = hold(session)
    person = person_of(by)
    if number and not person.id_sealed:
        identity.set_number(person, number, in_doubt=bool(identity.holder_of(number)))
        person.save()
    verdict = policy.may_enrol(by, held) and policy.fits_age(held, person.born_on)
    if not verdict:
        raise ValidationError(verdict.reason)
    enrolment = _rows(held, [(person, payer)], organisation=None, by=by)[0]
    enrolment.save()
    record(enrolment, gettext_noop("Enrolled"), by=by, state=enrolment.state)
    tell_of(enrolment, OUTCOME[State(enrolment.state)])
    return enrolment


OUTCOME = {
    State.ENROLLED: gettext_noop("There is a place in “%(session)s”."),
    State.WAITING: gettext_noop("“%(session)s” is full: the waiting list has been joined."),
}


@transaction.atomic
def enrol_many(
    session: Session,
    organisation: Organisation,
    entries: Sequence[Entry],
    *,
    by: User,
    progress: Progress = quietly,
) -> tuple[int, int]:
    """Enrol people of ``organisation``, in their order; how many have a place, how many wait."""
    held = hold(session)
    verdict = policy.takes_people(held)
    if not verdict:
        raise ValidationError(verdict.reason)
    named = [(one.name, one.number) for one in entries]
    people = people_named(held, organisation, named, progress)
    pairs = [(person, one.payer) for person, one in zip(people, entries, strict=True)]
    rows = Enrolment.objects.bulk_create(_rows(held, pairs, organisation=organisation, by=by))
    placed = sum(row.state == State.ENROLLED for row in rows)
    waiting = len(rows) - placed
    record(
        held,
        gettext_noop("People enrolled by an organisation"),
        by=by,
        organisation=str(organisation),
        placed=placed,
        waiting=waiting,
    )
    message = gettext_noop("%(firm)s has enrolled you for “%(session)s”.")
    accounts = User.objects.filter(is_active=True, person__in=people)
    _tell(accounts, message, held, firm=both(organisation))
    return placed, waiting


def _rows(
    session: Session,
    pairs: Iterable[tuple[Person, str]],
    *,
    organisation: Organisation | None,
    by: User,
) -> list[Enrolment]:
    """Not saved: the first ones get what is free, and nobody passes whoever waits already."""
    free = 0 if session.enrolments.in_line().exists() else session.free
    return [
        Enrolment(
            session=session,
            person=person,
            organisation=organisation,
            payer=payer,
            price=_price(session, payer),
            state=State.ENROLLED if place < free else State.WAITING,
            by=by,
        )
        for place, (person, payer) in enumerate(pairs)
    ]


def _price(session: Session, payer: str) -> Decimal:
    """What it costs as the session says now; it may have been changed since the form was opened."""
    price = session.price_for(payer)
    if price is None:
        raise ValidationError(_("There are no places for this kind of payer."))
    return price


@transaction.atomic
def cancel(enrolment: Enrolment, *, reason: str = "", by: User) -> None:
    """Give the place up for what the rule asks; the next in line has it at once."""
    session = hold(enrolment.session)
    fee = policy.fee_for(by, enrolment)
    moment = clock.now()
    facts = {"cancelled_at": moment, "cancel_fee": fee, "reason": reason}
    move(enrolment, State.CANCELLED, by=by, why=reason, **facts)
    tell_of(enrolment, gettext_noop("An enrolment for “%(session)s” was cancelled."))
    fill_places(session, by=by)


@transaction.atomic
def fill_places(session: Session, *, by: User | None) -> int:
    """Whoever waits first gets what is free; how many?"""
    held = hold(session)
    if held.state != Session.State.OPEN:
        return 0
    following = list(held.enrolments.in_line().select_related("person")[: max(0, held.free)])
    for enrolment in following:
        enrolment.session = held
        move(enrolment, State.ENROLLED, by=by)
        tell_of(enrolment, gettext_noop("A place became free: you are in “%(session)s”."))
    return len(following)


@transaction.atomic
def start_session(session: Session, *, by: User) -> None:
    """The training begins; who still waits is told that no place became free."""
    move(session, Session.State.RUNNING, by=by)
    for enrolment in session.enrolments.in_line().select_related("person"):
        enrolment.session = session
        move(enrolment, State.LAPSED, by=by)
        tell_of(enrolment, gettext_noop("No place became free in “%(session)s”."))


@transaction.atomic
def cancel_session(session: Session, *, reason: str, by: User) -> None:
    """It is not held, or not to the end: everybody is told why and owes nothing."""
    message = gettext_noop("“%(session)s” was cancelled: %(reason)s")
    tell(session, message, reason=reason)
    move(session, Session.State.CANCELLED, by=by, why=reason, reason=reason)
    now = clock.now()
    for enrolment in session.enrolments.filter(state__in=[State.WAITING, State.ENROLLED]):
        move(enrolment, State.CANCELLED, by=by, why=reason, cancelled_at=now, reason=reason)


def hold(session: Session) -> Session:
    """The session as it is now; others who want it wait until the transaction ends."""
    rows = Session.objects.select_related("course__consortium", "course__organiser", "after")
    return rows.select_for_update(of=("self",)).get(pk=session.pk)


def tell_of(enrolment: Enrolment, message: str) -> None:
    """Tell the learner and who enrolled them, each where they can look at it."""
    _tell(
        policy.people_for(enrolment),
        message,
        enrolment.session,
        url=enrolment.get_absolute_url(),
    )


def _tell(
    people: Iterable[User], message: str, session: Session, *, url: str = "", **words: object
) -> None:
    where = url or session.get_absolute_url()
    notify(people, message, url=where, session=both(session, "title"), **words)
