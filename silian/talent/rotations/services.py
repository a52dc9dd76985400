"""Making the plan of a cohort. Each function is one thing somebody does."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.kernel.audit.services import record
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.rotations.models import Group, Member, Phase, Stay
from silian.talent.rotations.timetable import heads_of


@transaction.atomic
def save_part(part: models.Model, cohort: Cohort, *, by: User) -> None:
    """Keep a new or changed phase, lesson, capacity or stay of the plan."""
    _hold(cohort)
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError as clash:
        raise ValidationError(_("This group is at another place on one of these days.")) from clash
    _refuse_too_many(cohort)
    record(cohort, gettext_noop("Plan changed"), by=by, part=str(part._meta.verbose_name))


@transaction.atomic
def remove_part(part: models.Model, cohort: Cohort, *, by: User) -> None:
    """Take a phase, lesson, capacity, group or stay out of the plan, with what hangs on it."""
    record(cohort, gettext_noop("Plan changed"), by=by, removed=str(part))
    part.delete()


@transaction.atomic
def save_group(group: Group, *, learners: Iterable[Learner], by: User) -> Group:
    """Keep a group and who belongs to it; a learner leaves the group they were in."""
    cohort = group.cohort
    _hold(cohort)
    group.save()
    chosen = list(learners)
    Member.objects.filter(group=group).exclude(learner__in=chosen).delete()
    for learner in chosen:
        Member.objects.update_or_create(learner=learner, defaults={"group": group})
    _refuse_too_many(cohort)
    record(cohort, gettext_noop("Group of learners set"), by=by, group=group.name)
    return group


@transaction.atomic
def rotate(phase: Phase, *, firm: Organisation, weeks: int, by: User) -> int:
    """Let the groups alternate between school and firm through the phase, block by block.

    What was planned for the phase is replaced.
    """
    cohort = phase.cohort
    _hold(cohort)
    phase.stays.all().delete()
    stays = [
        Stay(
            group=group,
            phase=phase,
            site=firm if (place + block) % 2 == 0 else cohort.school,
            starts_on=first,
            ends_on=last,
        )
        for place, group in enumerate(cohort.groups.all())
        for block, (first, last) in enumerate(_blocks(phase.starts_on, phase.ends_on, weeks))
    ]
    try:
        with transaction.atomic():
            Stay.objects.bulk_create(stays)
    except IntegrityError as clash:
        raise ValidationError(_("This group is at another place on one of these days.")) from clash
    _refuse_too_many(cohort)
    record(cohort, gettext_noop("Rotation planned"), by=by, phase=str(phase), weeks=weeks)
    return len(stays)


def _blocks(first: date, last: date, weeks: int) -> Iterable[tuple[date, date]]:
    while first <= last:
        yield first, min(last, first + timedelta(weeks=weeks, days=-1))
        first += timedelta(weeks=weeks)


def _hold(cohort: Cohort) -> None:
    """Two who plan at once wait for one another."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def _refuse_too_many(cohort: Cohort) -> None:
    for found in heads_of(cohort):
        if found.too_many:
            words = {"firm": found.firm.name, "phase": found.phase.title}
            words |= {"heads": str(found.heads), "places": str(found.places)}
            raise ValidationError(
                _("%(firm)s has %(places)s places in “%(phase)s”, and %(heads)s would be there.")
                % words
            )
