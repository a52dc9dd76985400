"""Completing people, letting pass, taking back, and the plan's target."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_noop

from silian.education.completions.models import Aim, Completion
from silian.education.completions.policy import Standing, standings
from silian.education.courses.models import Session
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.services import hold, tell_of
from silian.governance.consortia.models import Consortium
from silian.governance.plans.models import Target
from silian.governance.plans.services import report_reached
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.events import AchievementEarned, achievement_earned
from silian.kernel.states import move

State = Enrolment.State


@transaction.atomic
def complete_all(session: Session, *, by: User) -> int:
    """Everybody who has done what the course asks for; how many?"""
    held = hold(session)
    return _complete((one for one in standings(held) if one.ready), by=by)


@transaction.atomic
def let_pass(session: Session, enrolment: Enrolment, *, reason: str, by: User) -> None:
    """One who lacks something, with a written reason."""
    held = hold(session)
    _complete(
        (one for one in standings(held) if one.enrolment == enrolment and not one.completed),
        by=by,
        reason=reason,
    )


@transaction.atomic
def finish_session(session: Session, *, by: User) -> int:
    """Complete those who are ready; the others have not completed it. How many have?"""
    done = complete_all(session, by=by)
    move(session, Session.State.FINISHED, by=by)
    for enrolment in session.enrolments.filter(state=State.ENROLLED):
        move(enrolment, State.FAILED, by=by)
    return done


def _complete(ready: Iterable[Standing], *, by: User, reason: str = "") -> int:
    count = 0
    for one in ready:
        enrolment = one.enrolment
        facts = {"hours": one.hours, "completed_on": clock.today(), "reason": reason, "by": by}
        facts |= {"withdrawn_on": None, "withdrawn_why": ""}
        completion, _new = Completion.objects.update_or_create(enrolment=enrolment, defaults=facts)
        move(enrolment, State.COMPLETED, by=by, why=reason)
        _announce(completion)
        tell_of(enrolment, gettext_noop("“%(session)s” is completed. Congratulations."))
        count += 1
    return count


@transaction.atomic
def withdraw(completion: Completion, *, reason: str, by: User) -> None:
    """It was a mistake: whoever issues certificates is told."""
    completion.withdrawn_on, completion.withdrawn_why = clock.today(), reason
    completion.save(update_fields=["withdrawn_on", "withdrawn_why"])
    move(completion.enrolment, State.FAILED, by=by, why=reason)
    _announce(completion, holds=False)
    tell_of(completion.enrolment, gettext_noop("The completion of “%(session)s” was taken back."))


def _announce(completion: Completion, *, holds: bool = True) -> None:
    enrolment = completion.enrolment
    course = enrolment.session.course
    if course.issuer is None:  # its lead unit has left: nobody can answer for it
        return
    fact = AchievementEarned(
        source=f"completions.Completion:{completion.pk}",
        family="training",
        consortium_id=course.consortium_id,
        issuer_id=course.issuer.pk,
        person_id=enrolment.person_id,
        title_zh=course.title_zh,
        title_en=course.title_en,
        on=completion.completed_on,
        occupation_id=course.occupation_id,
        level=course.level,
        hours=completion.hours,
        holds=holds,
    )
    achievement_earned.send(Completion, fact=fact)


@transaction.atomic
def aim_at(consortium: Consortium, year: int, target: Target, *, by: User) -> None:
    """The people trained in ``year`` count towards this target."""
    Aim.objects.filter(target=target).exclude(year=year).delete()
    aim, _new = Aim.objects.update_or_create(
        consortium=consortium, year=year, defaults={"target": target}
    )
    record(aim, gettext_noop("Target for training chosen"), by=by)


def report(aim: Aim, *, people: int, by: User) -> None:
    """Take the count over into the plan."""
    note = aim.target.note
    report_reached(aim.target, by=by, reached=people, note=note)
