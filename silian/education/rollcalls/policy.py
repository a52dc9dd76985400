"""Who calls the roll, who is called, and how many hours somebody was there."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from silian.education.courses.models import Lesson, Session
from silian.education.courses.policy import may_teach, visible_lessons
from silian.education.enrolments.models import Enrolment
from silian.education.rollcalls.models import Mark
from silian.governance.roles.policy import Viewer
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import YES, Verdict

HOURS = DecimalField(max_digits=6, decimal_places=1)
EARLY, LATE = timedelta(minutes=30), timedelta(hours=2)  # around a lesson its code is shown


def lessons_of(user: Viewer, session: Session) -> QuerySet[Lesson]:
    return visible_lessons(user).filter(session=session)


def called_in(session: Session) -> QuerySet[Enrolment]:
    """Everybody who has a place."""
    rows = Enrolment.objects.placed().filter(session=session)
    joined = rows.select_related("person", "organisation", "session__course__consortium")
    return joined.order_by("organisation", "pk")


def with_hours(rows: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Each with the hours ``attended`` so far."""
    here = Mark.objects.filter(enrolment=OuterRef("pk"), was=Mark.Was.HERE)
    sums = here.order_by().values("enrolment").annotate(n=Sum("lesson__hours")).values("n")
    nothing = Value(Decimal(0), output_field=HOURS)
    return rows.annotate(attended=Coalesce(Subquery(sums), nothing, output_field=HOURS))


def hours_in(session: Session) -> Decimal:
    """All hours of its lessons."""
    return session.lessons.aggregate(n=Sum(F("hours")))["n"] or Decimal(0)


def place_in(user: User, lesson: Lesson) -> Enrolment | None:
    """The place that ``user`` has in the session of ``lesson``."""
    mine = Enrolment.objects.placed().filter(session=lesson.session_id, person__user=user)
    return mine.select_related("person").first()


def may_call(user: Viewer, lesson: Lesson) -> Verdict:
    """By list: from the day of the lesson on, until the session is over."""
    verdict = may_teach(user, lesson.session)
    if verdict and lesson.session.state not in (Session.State.OPEN, Session.State.RUNNING):
        return Verdict(_("The roll is called while the session runs."))
    if verdict and lesson.starts_at - EARLY > clock.now():
        return Verdict(_("The lesson has not begun yet."))
    return verdict


def may_show(user: Viewer, lesson: Lesson) -> Verdict:
    """On a screen: around the time of the lesson."""
    verdict = may_call(user, lesson)
    if verdict and clock.now() > lesson.ends_at + LATE:
        return Verdict(_("The lesson is over: use the list."))
    return verdict


def may_answer(user: User, lesson: Lesson) -> Verdict:
    """May ``user`` say that they are here?"""
    mine = place_in(user, lesson)
    if mine is None:
        return Verdict(_("You have no place in this session."))
    if lesson.marks.filter(enrolment=mine, was=Mark.Was.HERE).exists():
        return Verdict(_("You are noted as here."))
    return YES
