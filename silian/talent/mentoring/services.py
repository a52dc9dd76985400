"""Naming mentors, logging and confirming their hours. Each function is one thing somebody does."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop

from silian.governance.roles.policy import people_of
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.kernel.bilingual import both
from silian.kernel.notices.services import notify
from silian.kernel.states import move
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.rules import most_apprentices
from silian.talent.mentoring.models import Hours, Mentor

State = Hours.State


@transaction.atomic
def save_mentor(mentor: Mentor, *, learners: Iterable[Learner], by: User) -> Mentor:
    """Keep a mentor and whom they look after; a firm's mentor has no more than the rule allows."""
    chosen = list(learners)
    Cohort.objects.select_for_update(no_key=True).get(pk=mentor.cohort_id)
    rule, most = most_apprentices(mentor.cohort)
    if not mentor.of_school and len(chosen) > most:
        raise ValidationError({"learners": rule.message % {"most": most}})
    new = mentor.pk is None
    mentor.save()
    mentor.learners.set(chosen)
    action = gettext_noop("Mentor named") if new else gettext_noop("Mentor changed")
    record(mentor.cohort, action, by=by, mentor=mentor.name)
    return mentor


@transaction.atomic
def log_hours(hours: Hours, *, by: User) -> Hours:
    """Write down what a mentor did; the other side is asked to confirm it."""
    hours.by = by
    hours.save()
    record(hours, gettext_noop("Hours logged"), by=by, hours=hours.hours)
    _ask(hours.mentor)
    return hours


@transaction.atomic
def import_hours(rows: Sequence[dict[str, Any]], *, by: User) -> int:
    """Hours of a whole quarter from one sheet."""
    made = Hours.objects.bulk_create(Hours(by=by, **row) for row in rows)
    for mentor in {hours.mentor for hours in made}:
        record(mentor.cohort, gettext_noop("Hours imported"), by=by, mentor=mentor.name)
        _ask(mentor)
    return len(made)


@transaction.atomic
def confirm_hours(rows: Iterable[Hours], *, by: User) -> int:
    """Confirm what the other side's mentors did."""
    confirmed = list(rows)
    for hours in confirmed:
        move(hours, State.CONFIRMED, by=by)
    return len(confirmed)


@transaction.atomic
def object_to_hours(hours: Hours, *, reason: str, by: User) -> None:
    move(hours, State.OBJECTED, by=by, why=reason, remark=reason)
    people = set(people_of(hours.mentor.organisation))
    people |= {hours.mentor.user} if hours.mentor.user else set()
    _tell(people, gettext_noop("Hours of a mentor in “%(cohort)s” were objected to."), hours.mentor)


@transaction.atomic
def correct_hours(hours: Hours, *, by: User) -> None:
    """Corrected after an objection: it is confirmed anew."""
    on, number, what = hours.on, hours.hours, hours.what
    hours.refresh_from_db()
    move(hours, State.LOGGED, by=by, on=on, hours=number, what=what)
    _ask(hours.mentor)


def _ask(mentor: Mentor) -> None:
    cohort = mentor.cohort
    sides = cohort.firms if mentor.of_school else [cohort.school]
    people = {person for side in sides for person in people_of(side)}
    _tell(people, gettext_noop("Hours of mentors in “%(cohort)s” wait to be confirmed."), mentor)


def _tell(people: Iterable[User], message: str, mentor: Mentor) -> None:
    cohort = mentor.cohort
    url = reverse("mentoring:hours_index", args=[cohort.consortium, cohort.pk])
    notify(people, message, url=url, cohort=both(cohort, "title"))
