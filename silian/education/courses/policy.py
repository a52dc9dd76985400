"""What of the catalogue is public, and who offers courses and holds their sessions."""

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from silian.education.courses.models import Course, Lesson, Session
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Membership, Organisation
from silian.governance.roles.models import Role
from silian.governance.roles.policy import (
    Viewer,
    acts_for,
    is_secretary,
    organisations_of,
    people_of,
    secretariats_of,
    secretaries_of,
)
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

State = Session.State


def managed(user: Viewer, path: str = "") -> Q:
    """Rows of courses that ``user`` offers; ``path`` leads from the row to its course."""
    own = Q((f"{path}organiser__in", organisations_of(user)))
    of_the_body = Q((f"{path}organiser", None), (f"{path}consortium__in", secretariats_of(user)))
    return own | of_the_body


def visible_courses(user: Viewer) -> QuerySet[Course]:
    """What was published is public; a draft is its organiser's and the secretariat's."""
    seen = ~Q(state=Course.State.DRAFT) | managed(user) | Q(consortium__in=secretariats_of(user))
    return Course.objects.filter(seen).select_related("consortium", "organiser", "occupation")


def catalogue(consortium: Consortium) -> QuerySet[Course]:
    """What is offered now, each with its next session that has places to enrol for."""
    today = clock.today()
    coming = Session.objects.filter(
        course=OuterRef("pk"), state=State.OPEN, enrol_until__gte=today, starts_on__gte=today
    ).order_by("starts_on", "pk")
    cheapest = Min(Least("price_person", "price_member", "price_other", "price_government"))
    prices = coming.order_by().values("course").annotate(least=cheapest).values("least")
    rows = Course.objects.filter(consortium=consortium, state=Course.State.PUBLISHED)
    free = coming.annotate(left=F("places_max") - F("taken"))
    return rows.select_related("consortium", "organiser", "occupation").annotate(
        next_on=Subquery(coming.values("starts_on")[:1]),
        next_free=Subquery(free.values("left")[:1]),
        price=Subquery(prices[:1]),
    )


def own_courses(user: Viewer, consortium: Consortium) -> QuerySet[Course]:
    """What ``user`` offers here, in every state."""
    return visible_courses(user).filter(managed(user), consortium=consortium)


def visible_sessions(user: Viewer) -> QuerySet[Session]:
    """Sessions are public once they were open; before that their organiser's and teachers'."""
    seen = Q(state__in=Session.PUBLIC) & ~Q(course__state=Course.State.DRAFT)
    seen |= managed(user, "course__") | Q(course__consortium__in=secretariats_of(user))
    if isinstance(user, User):
        seen |= Q(pk__in=Session.teachers.through.objects.filter(user=user).values("session"))
    rows = Session.objects.filter(seen)
    return rows.select_related(
        "course__consortium", "course__organiser", "course__occupation", "after"
    )


def visible_lessons(user: Viewer) -> QuerySet[Lesson]:
    rows = Lesson.objects.filter(session__in=visible_sessions(user).values("pk"))
    return rows.select_related("session__course__consortium", "session__course__organiser")


def taught_by(user: User) -> QuerySet[Session]:
    """Those that ``user`` teaches."""
    return visible_sessions(user).filter(teachers=user)


def visible_organisers(user: Viewer, consortium: Consortium) -> QuerySet[Organisation]:
    """The current members in whose name ``user`` can offer courses."""
    members = Membership.objects.current().filter(consortium=consortium)
    own = Organisation.objects.filter(pk__in=organisations_of(user))
    return own.filter(pk__in=members.values("organisation"))


def teachers_for(course: Course) -> QuerySet[User]:
    """Accounts that can be named as teachers: people of the organiser."""
    if course.organiser is None:
        return secretaries_of(course.consortium)
    kinds = [Role.Kind.TEACHER, *Role.ACTING]
    roles = Role.objects.running().filter(organisation=course.organiser, kind__in=kinds)
    return User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("name", "pk")


def organisers_of(course: Course) -> QuerySet[User]:
    """Who acts for the organiser: the people to be told."""
    return people_of(course.organiser) if course.organiser else secretaries_of(course.consortium)


def may_create(user: Viewer, consortium: Consortium) -> Verdict:
    if is_secretary(user, consortium) or visible_organisers(user, consortium).exists():
        return YES
    return Verdict(_("Only current members and the secretariat offer courses."))


def may_manage(user: Viewer, course: Course) -> Verdict:
    """May ``user`` act for whoever offers ``course``?"""
    own = acts_for(user, course.organiser) if course.organiser else None
    if own or (own is None and is_secretary(user, course.consortium)):
        return YES
    return Verdict(_("Only people of the organiser can do this."))


def may_teach(user: Viewer, session: Session) -> Verdict:
    """Roll calls, materials and homework are for the teachers and the organiser."""
    if may_manage(user, session.course):
        return YES
    if isinstance(user, User) and session.teachers.filter(pk=user.pk).exists():
        return YES
    return Verdict(_("Only teachers of this session and people of the organiser can do this."))


def may_oversee(user: Viewer, session: Session) -> Verdict:
    """Who reads what goes on inside: teachers, the organiser and the secretariat."""
    if is_secretary(user, session.course.consortium):
        return YES
    return may_teach(user, session)


def may_edit(user: Viewer, course: Course) -> Verdict:
    return may_manage(user, course)


def may_publish(user: Viewer, course: Course) -> Verdict:
    verdict = may_manage(user, course)
    if verdict and course.state == Course.State.PUBLISHED:
        return Verdict(_("It is published."))
    if verdict and not (course.about_zh and course.syllabus_zh):
        return Verdict(_("Aims and syllabus are still missing."))
    if verdict and course.issuer is None:
        return Verdict(_("No lead unit can answer for it: name one, or choose an organiser."))
    return verdict


def may_withdraw(user: Viewer, course: Course) -> Verdict:
    verdict = may_manage(user, course)
    if verdict and course.state != Course.State.PUBLISHED:
        return Verdict(_("It is not published."))
    if verdict and course.sessions.filter(state__in=[State.OPEN, State.RUNNING]).exists():
        return Verdict(_("A session is open or running: finish or cancel it first."))
    return verdict


def may_plan(user: Viewer, course: Course) -> Verdict:
    verdict = may_manage(user, course)
    if verdict and course.state == Course.State.WITHDRAWN:
        return Verdict(_("The course is no longer offered."))
    return verdict


def may_edit_session(user: Viewer, session: Session) -> Verdict:
    verdict = may_manage(user, session.course)
    if verdict and session.state in (State.FINISHED, State.CANCELLED):
        return Verdict(_("What is over cannot be changed."))
    return verdict


def may_open(user: Viewer, session: Session) -> Verdict:
    verdict = may_manage(user, session.course)
    if verdict and session.state != State.DRAFT:
        return Verdict(_("It has been opened already."))
    if verdict and session.course.state != Course.State.PUBLISHED:
        return Verdict(_("Publish the course first."))
    if verdict and session.enrol_until < clock.today():
        return Verdict(_("The last day of enrolment has passed."))
    if verdict and not session.prices:
        return Verdict(_("Say for whom there are places: not one price is stated."))
    return verdict
