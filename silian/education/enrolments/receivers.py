"""What waits around enrolments, when lessons are for learners, whom a session concerns."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from silian.education.courses import audiences
from silian.education.courses.models import Lesson, Session
from silian.education.courses.policy import managed
from silian.education.courses.receivers import KEPT, event_of
from silian.education.enrolments import services
from silian.education.enrolments.models import Enrolment
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.calendars import events as calendars
from silian.kernel.calendars.events import Event
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo

SHORT = timedelta(days=5)  # so long before enrolment ends the organiser is told of too few


@audiences.source
def people_of(session: Session) -> QuerySet[User]:
    """Learners with an account, and who acts for the organisations that enrolled people."""
    live = Enrolment.objects.live().filter(session=session)
    acting = Role.objects.running().filter(
        kind__in=Role.ACTING, organisation__in=live.values("organisation")
    )
    learns = Q(person__in=live.values("person"))
    return User.objects.filter(learns | Q(pk__in=acting.values("user")))


@audiences.follower
def fill_places(session: Session, *, by: User) -> None:
    """More places than before: whoever waits gets them."""
    services.fill_places(session, by=by)


@calendars.source
def lessons_attended(user: User) -> Iterable[Event]:
    mine = Enrolment.objects.placed().filter(person__user=user)
    rows = Lesson.objects.filter(
        session__in=mine.values("session"), starts_at__gte=clock.now() - KEPT
    )
    return map(event_of, rows.select_related("session__course__consortium"))


@todos.source
def sessions_to_start(user: User) -> Iterable[Todo]:
    """The organiser: what begins today or should have, and what too few people enrolled for."""
    today = clock.today()
    mine = Session.objects.filter(managed(user, "course__"), state=Session.State.OPEN)
    few = Q(taken__lt=F("places_min"), enrol_until__lte=today + SHORT)
    for session in mine.filter(few | Q(starts_on__lte=today)).select_related("course__consortium"):
        short = session.taken < session.places_min
        label = _("Too few people: “%(session)s”") if short else _("Start “%(session)s”")
        due = session.enrol_until if short else session.starts_on
        yield Todo(
            label % {"session": session.title},
            session.get_absolute_url(),
            due=timezone.make_aware(datetime.combine(due, time.max)),
            place=session.course.consortium.name,
        )
