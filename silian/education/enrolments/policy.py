"""Who may take part, who may enrol others, and who sees whom."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from silian.education.courses.models import Course, Session
from silian.education.courses.policy import managed, may_manage, may_teach
from silian.education.courses.terms import Payer
from silian.education.enrolments.models import Enrolment
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import Viewer, acts_for, organisations_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.persons.models import Person
from silian.kernel.verdicts import YES, Verdict

State, Stage = Enrolment.State, Session.State
CENT = Decimal("0.01")


def visible_enrolments(user: Viewer) -> QuerySet[Enrolment]:
    """One's own, one's organisation's, and those of sessions that one offers or teaches."""
    if not isinstance(user, User):
        return Enrolment.objects.none()
    teaching = Session.teachers.through.objects.filter(user=user).values("session")
    seen = Q(person__user=user) | Q(organisation__in=organisations_of(user))
    seen |= managed(user, "session__course__") | Q(session__in=teaching)
    return _joined(Enrolment.objects.filter(seen))


def own_enrolments(user: User) -> QuerySet[Enrolment]:
    """Where ``user`` learns, waits or has learnt; a waiting one with its place in the line."""
    earlier = Enrolment.objects.filter(
        session=OuterRef("session"), state=State.WAITING, queued_at__lt=OuterRef("queued_at")
    )
    count = earlier.order_by().values("session").annotate(n=Count("pk")).values("n")
    rows = _joined(Enrolment.objects.filter(person__user=user))
    return rows.annotate(ahead=Coalesce(Subquery(count), 0)).order_by("-session__starts_on", "-pk")


def _joined(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    return rows.select_related(
        "session__course__consortium",
        "session__course__organiser",
        "person__user",
        "organisation",
    )


def learners_in(user: Viewer, session: Session) -> QuerySet[Enrolment]:
    """Whoever is in ``session``, as far as ``user`` may see them."""
    return visible_enrolments(user).filter(session=session)


def acting_firms(user: Viewer) -> QuerySet[Organisation]:
    """In whose name ``user`` can enrol people: any organisation, member or not."""
    return Organisation.objects.filter(pk__in=organisations_of(user)).order_by("pk")


def is_member(organisation: Organisation, session: Session) -> bool:
    current = Membership.objects.current().filter(consortium=session.course.consortium_id)
    return current.filter(organisation=organisation).exists()


def payers_for(session: Session, organisation: Organisation | None) -> list[Payer]:
    """Who can pay for a place that this organisation, or a person alone, asks for."""
    if organisation is None:
        paying = [Payer.PERSON, Payer.GOVERNMENT]
    else:
        own = Payer.MEMBER if is_member(organisation, session) else Payer.OTHER
        paying = [own, Payer.GOVERNMENT]
    return [payer for payer in paying if session.price_for(payer) is not None]


# --- eligibility: the rules that the session states ------------------------------------------
def fits_age(session: Session, born_on: date | None) -> Verdict:
    if session.min_age is None:
        return YES
    if born_on is None:
        return Verdict(_("The age is not known: the identity number is needed."))
    birthday = (session.starts_on.month, session.starts_on.day) < (born_on.month, born_on.day)
    if session.starts_on.year - born_on.year - birthday >= session.min_age:
        return YES
    return Verdict(_("Only from the age of %(age)s.") % {"age": session.min_age})


def fits_members(session: Session, member: bool) -> Verdict:
    if member or not session.members_only:
        return YES
    return Verdict(_("Only for people of member organisations."))


def fits_course(session: Session, completed: bool) -> Verdict:
    if completed or session.after is None:
        return YES
    return Verdict(_("Only after completing “%(course)s”.") % {"course": session.after.title})


def completed_by(people: Iterable[int], course: Course | None) -> set[int]:
    """Who of these persons (keys) has completed ``course``."""
    done = Enrolment.objects.filter(
        person__in=people, state=State.COMPLETED, session__course=course
    )
    return set(done.values_list("person", flat=True))


def completed_for(organisation: Organisation, course: Course | None) -> set[int]:
    """The same of those whom ``organisation`` enrolled: it must not learn of anybody else."""
    done = Enrolment.objects.filter(
        organisation=organisation, state=State.COMPLETED, session__course=course
    )
    return set(done.values_list("person", flat=True))


def works_for_member(user: User, session: Session) -> bool:
    current = Membership.objects.current().filter(consortium=session.course.consortium_id)
    sides = Role.objects.running().filter(user=user).values("organisation")
    return current.filter(organisation__in=sides).exists()


# --- verdicts --------------------------------------------------------------------------------
def takes_people(session: Session) -> Verdict:
    if session.is_open:
        return YES
    if session.state == Stage.OPEN and clock.today() < session.enrol_from:
        return Verdict(_("Enrolment has not begun yet."))
    return Verdict(_("Enrolment is closed."))


def may_enrol(user: Viewer, session: Session) -> Verdict:
    """May ``user`` enrol as a person? The age is asked again once the number is known."""
    if not isinstance(user, User):
        return Verdict(_("Sign in to enrol."))
    verdict = takes_people(session)
    if verdict and not payers_for(session, None):
        return Verdict(_("Places are given to organisations only, which enrol their people."))
    if not verdict:
        return verdict
    person = Person.objects.filter(user=user).first()
    if person and Enrolment.objects.live().filter(session=session, person=person).exists():
        return Verdict(_("You are enrolled already."))
    done = bool(person and completed_by([person.pk], session.after))
    verdict = fits_members(session, works_for_member(user, session)) and fits_course(session, done)
    return verdict and (fits_age(session, person.born_on) if person and person.born_on else YES)


def may_enrol_many(user: Viewer, session: Session, organisation: Organisation) -> Verdict:
    """May ``user`` enrol people in the name of ``organisation``?"""
    if not acts_for(user, organisation):
        return Verdict(_("Only people of the organisation can do this."))
    verdict = takes_people(session) and fits_members(session, is_member(organisation, session))
    if verdict and not payers_for(session, organisation):
        return Verdict(_("There are no places for this kind of payer."))
    return verdict


def may_cancel(user: Viewer, enrolment: Enrolment) -> Verdict:
    """The person, whoever enrolled them, and the organiser can."""
    if not _concerned(user, enrolment):
        return Verdict(_("Only the learner, who enrolled them and the organiser can do this."))
    if enrolment.state not in (State.WAITING, State.ENROLLED):
        return Verdict(_("There is nothing to cancel any more."))
    if enrolment.session.state not in (Stage.OPEN, Stage.RUNNING):
        return Verdict(_("The session is over."))
    return YES


def may_start(user: Viewer, session: Session) -> Verdict:
    verdict = may_manage(user, session.course)
    if verdict and session.state != Stage.OPEN:
        return Verdict(_("It is not open for enrolment."))
    if verdict and session.taken < session.places_min:
        facts = {"taken": session.taken, "least": session.places_min}
        return Verdict(_("Only %(taken)s of at least %(least)s people are enrolled.") % facts)
    return verdict


def may_cancel_session(user: Viewer, session: Session) -> Verdict:
    verdict = may_manage(user, session.course)
    if verdict and session.state not in (Stage.DRAFT, Stage.OPEN, Stage.RUNNING):
        return Verdict(_("What is over cannot be cancelled."))
    return verdict


def may_see_list(user: Viewer, session: Session) -> Verdict:
    """The organiser and teachers see everybody, a firm its own people."""
    if may_teach(user, session) or organisations_of(user):
        return YES
    return Verdict(
        _("Only teachers, the organiser and organisations that enrol people see a list.")
    )


def cancel_fee(enrolment: Enrolment, on: date) -> Decimal:
    """What cancelling on that day costs by the rule of the session."""
    session = enrolment.session
    if enrolment.state != State.ENROLLED or (session.starts_on - on).days >= session.free_days:
        return Decimal(0)
    return (enrolment.price * session.late_percent / 100).quantize(CENT)


def fee_for(user: Viewer, enrolment: Enrolment) -> Decimal:
    """What it costs if ``user`` cancels today."""
    if not _own_side(user, enrolment) and may_manage(user, enrolment.session.course):
        return Decimal(0)
    return cancel_fee(enrolment, clock.today())


def people_for(enrolment: Enrolment) -> QuerySet[User]:
    """The accounts to tell of a change: the learner, or whoever acts for who enrolled them."""
    acting = Role.objects.running().filter(
        organisation=enrolment.organisation_id, kind__in=Role.ACTING
    )
    firm = Q(pk__in=acting.values("user")) if enrolment.organisation_id else Q(pk=None)
    return User.objects.filter(firm | Q(pk=enrolment.person.user_id), is_active=True)


def _own_side(user: Viewer, enrolment: Enrolment) -> bool:
    own = enrolment.person.user_id is not None and enrolment.person.user_id == user.pk
    return own or enrolment.organisation_id in organisations_of(user)


def _concerned(user: Viewer, enrolment: Enrolment) -> bool:
    return _own_side(user, enrolment) or bool(may_manage(user, enrolment.session.course))
