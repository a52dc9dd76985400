from datetime import timedelta

from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.tests.factories import make_learner
from silian.talent.rotations.models import Group, Member, Phase, Stay


def make_phase(cohort: Cohort, order: int = 1, **fields: object) -> Phase:
    """Twelve weeks from the start of the cohort."""
    first = cohort.starts_on + timedelta(weeks=12 * (order - 1))
    facts: dict[str, object] = {
        "title_zh": f"第{order}阶段",
        "title_en": f"Phase {order}",
        "starts_on": first,
        "ends_on": first + timedelta(weeks=12, days=-1),
    }
    return Phase.objects.create(cohort=cohort, order=order, **(facts | fields))


def make_group(cohort: Cohort, size: int = 2, name: str = "") -> Group:
    """A group of learners who have a place."""
    group = Group.objects.create(cohort=cohort, name=name or f"{cohort.groups.count() + 1}组")
    for _ in range(size):
        Member.objects.create(group=group, learner=make_learner(cohort, Learner.State.SELECTED))
    return group


def make_stay(group: Group, phase: Phase, **fields: object) -> Stay:
    """At the enterprise, for the whole phase."""
    facts: dict[str, object] = {
        "site": phase.cohort.enterprise,
        "starts_on": phase.starts_on,
        "ends_on": phase.ends_on,
    }
    return Stay.objects.create(group=group, phase=phase, **(facts | fields))
