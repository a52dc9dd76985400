"""Asking for training, and answering. Each function is one thing somebody does."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from silian.education.courses.models import Course
from silian.education.needs import policy
from silian.education.needs.models import Need, Pool
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.codes.models import Code
from silian.kernel.notices.services import notify
from silian.kernel.states import move

State = Pool.State


@transaction.atomic
def ask(
    need: Need, consortium: Consortium, *, skill: Skill | None, occupation: Code | None, by: User
) -> Need:
    """Keep a request in the pool of its kind; what one has asked for already is replaced."""
    key = {"consortium": consortium, "skill": skill, "occupation": None if skill else occupation}
    pool, new = _pool_of(key)
    own = pool.needs.filter(by=by, organisation=need.organisation, withdrawn_at=None)
    own.update(withdrawn_at=clock.now())
    need.pool, need.by = pool, by
    need.save()
    record(need, gettext_noop("Training asked for"), by=by, people=need.people)
    if new:
        message = gettext_noop("Training is asked for that nobody offers: %(pool)s")
        _tell(policy.schools_of(consortium), message, pool)
    return need


def _pool_of(key: dict[str, Any]) -> tuple[Pool, bool]:
    """The live pool of this kind, and whether it is new. Two at once: the database keeps one."""
    live = Pool.objects.filter(**key, state__in=Pool.LIVE)
    if found := live.first():
        return found, False
    try:
        with transaction.atomic():
            return Pool.objects.create(**key), True
    except IntegrityError:
        return live.get(), False


@transaction.atomic
def withdraw(need: Need, *, by: User) -> None:
    """It is no longer asked for; the last one closes the pool."""
    need.withdrawn_at = clock.now()
    need.save(update_fields=["withdrawn_at"])
    record(need, gettext_noop("Training no longer asked for"), by=by)
    if not need.pool.needs.filter(withdrawn_at=None).exists():
        move(need.pool, State.CLOSED, by=by, taken_by=None)


@transaction.atomic
def take(pool: Pool, organisation: Organisation, *, by: User) -> None:
    """An organisation prepares a course; the askers are told."""
    move(pool, State.TAKEN, by=by, taken_by=organisation)
    message = gettext_noop("%(organiser)s prepares a course on %(pool)s.")
    _tell(policy.askers_of(pool), message, pool, organiser=both(organisation))


@transaction.atomic
def give_back(pool: Pool, *, by: User) -> None:
    """Nothing came of it: others can take it up."""
    move(pool, State.OPEN, by=by, taken_by=None)
    _tell(
        policy.schools_of(pool.consortium),
        gettext_noop("%(pool)s looks for a teacher again."),
        pool,
    )


@transaction.atomic
def answer(pool: Pool, course: Course, *, by: User) -> None:
    """There is a course: everybody who asked is told and finds it."""
    move(pool, State.ANSWERED, by=by, course=course)
    message = gettext_noop("There is a course on what you asked for: %(course)s")
    people = policy.askers_of(pool)
    notify(people, message, url=course.get_absolute_url(), course=both(course, "title"))


def _tell(people: QuerySet[User], message: str, pool: Pool, **words: object) -> None:
    notify(people, message, url=pool.get_absolute_url(), pool=both(pool, "title"), **words)
