"""Who may see students, and who keeps their data: their school's office, and nobody else."""

from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from silian.governance.members.models import Organisation
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_system_administrator,
    organisations_of,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.persons.identity import may_be_one
from silian.kernel.persons.models import Person
from silian.kernel.verdicts import YES, Verdict
from silian.talent.profiles.models import Doubt, Student

CONSENTS_ALONE_FROM = 14  # PIPL Art. 31: under 14 a guardian consents
OF_AGE = 18


def visible_schools(user: Viewer) -> QuerySet[Organisation]:
    """The schools whose students ``user`` may see."""
    schools = Organisation.objects.filter(kind__in=Organisation.SCHOOLS)
    return schools.filter(pk__in=organisations_of(user))


def visible_students(user: Viewer) -> QuerySet[Student]:
    """The students of the schools that ``user`` acts for, and ``user``'s own enrolments."""
    own = Q(user=user) if isinstance(user, User) else Q(pk=None)
    rows = Student.objects.filter(own | Q(school__in=visible_schools(user)))
    return rows.select_related("school", "programme", "user", "invitation", "person")


def visible_rosters(user: Viewer) -> QuerySet[Student]:
    """Those whose page ``user`` may open: of the schools that ``user`` acts for."""
    return visible_students(user).filter(school__in=visible_schools(user))


def may_keep(user: Viewer, school: Organisation) -> Verdict:
    """May ``user`` enter, change and import the students of ``school``?"""
    if school.is_school and acts_for(user, school):
        return YES
    return Verdict(_("Only the school's own staff can do this."))


def may_invite(user: Viewer, student: Student) -> Verdict:
    verdict = may_keep(user, student.school)
    if verdict and student.user_id:
        return Verdict(_("This student has an account."))
    return verdict and _while_enrolled(student)


def may_end(user: Viewer, student: Student) -> Verdict:
    """May ``user`` note that the student graduated or left?"""
    return may_keep(user, student.school) and _while_enrolled(student)


def _while_enrolled(student: Student) -> Verdict:
    if student.state == Student.State.ENROLLED:
        return YES
    return Verdict(_("The student is no longer enrolled."))


# --- people -------------------------------------------------------------------------------


def own_person(user: Viewer) -> Person | None:
    """Whom the account belongs to, where that is written down (``services.person_of`` does)."""
    return Person.objects.filter(user=user).first() if isinstance(user, User) else None


def age_on(person: Person, day: date) -> int | None:
    """Full years on ``day``; None where the date of birth is not known."""
    born = person.born_on
    if born is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def needs_guardian(person: Person) -> bool:
    """Does the law ask for a guardian's consent today?"""
    age = age_on(person, clock.today())
    return age is not None and age < CONSENTS_ALONE_FROM


def is_minor(person: Person) -> bool:
    """Not yet of age today, so that a guardian is told of what is consented to."""
    age = age_on(person, clock.today())
    return age is not None and age < OF_AGE


# --- persons to be compared ---------------------------------------------------------------


def visible_doubts(user: Viewer) -> QuerySet[Doubt]:
    """The system administrator's alone: schools learn nothing of it."""
    rows = Doubt.objects.all() if is_system_administrator(user) else Doubt.objects.none()
    rows = rows.select_related("person", "holder").exclude(person=F("holder"))
    return rows.prefetch_related("person__enrolments__school", "holder__enrolments__school")


def may_compare(user: Viewer) -> Verdict:
    if is_system_administrator(user):
        return YES
    return Verdict(_("Only the system administrator can do this."))


def may_decide(user: Viewer, doubt: Doubt) -> Verdict:
    """May ``user`` say whether the two are one?"""
    verdict = may_compare(user)
    if verdict and doubt.state != Doubt.State.OPEN:
        return Verdict(_("This was decided."))
    return verdict


def may_bring_together(user: Viewer, doubt: Doubt) -> Verdict:
    verdict = may_decide(user, doubt)
    if verdict and not may_be_one(doubt.person, doubt.holder):
        return Verdict(_("Two accounts, or two numbers, are never made one."))
    return verdict
