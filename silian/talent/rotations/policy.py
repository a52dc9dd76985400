"""Who reads a plan and who makes it."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from silian.education.standards.models import Unit
from silian.governance.members.models import Organisation
from silian.governance.roles.policy import Viewer
from silian.kernel.accounts.models import User
from silian.kernel.verdicts import Verdict
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.policy import may_take_part, visible_cohorts
from silian.talent.rotations.models import Capacity, Group, Lesson, Phase, Stay


def visible_phases(user: Viewer) -> QuerySet[Phase]:
    """The plan of a cohort is as public as the cohort; it names no persons."""
    return Phase.objects.filter(cohort__in=visible_cohorts(user).values("pk"))


def visible_groups(user: Viewer) -> QuerySet[Group]:
    return Group.objects.filter(cohort__in=visible_cohorts(user).values("pk"))


def visible_stays(user: Viewer) -> QuerySet[Stay]:
    rows = Stay.objects.filter(group__cohort__in=visible_cohorts(user).values("pk"))
    return rows.select_related("group__cohort__consortium", "phase", "site")


def visible_capacities(user: Viewer) -> QuerySet[Capacity]:
    return Capacity.objects.filter(phase__in=visible_phases(user).values("pk"))


def visible_lessons(user: Viewer) -> QuerySet[Lesson]:
    return Lesson.objects.filter(phase__in=visible_phases(user).values("pk"))


def own_stays(user: User) -> QuerySet[Stay]:
    """Those of the groups in which ``user`` learns."""
    learning = Learner.objects.placed().filter(student__user=user)
    rows = Stay.objects.filter(group__members__learner__in=learning)
    return rows.select_related("group__cohort__consortium", "phase", "site")


def units_for(cohort: Cohort) -> QuerySet[Unit]:
    """Units of editions in force, of the cohort's programme or of any that its school has."""
    of_programme = (
        Q(edition__standard__programme=cohort.programme_id)
        if cohort.programme_id
        else Q(edition__standard__programme__school=cohort.school_id)
    )
    rows = Unit.objects.filter(of_programme, edition__state="published")
    return rows.select_related("edition__standard").order_by("edition__standard", "order")


def sites_of(cohort: Cohort) -> QuerySet[Organisation]:
    keys = [cohort.school_id, *(firm.pk for firm in cohort.firms)]
    return Organisation.objects.filter(pk__in=keys)


def firms_of(cohort: Cohort) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=[firm.pk for firm in cohort.firms])


def may_plan(user: Viewer, cohort: Cohort) -> Verdict:
    """Both sides make the plan together, until the cohort is over."""
    verdict = may_take_part(user, cohort)
    if verdict and cohort.state in (Cohort.State.FINISHED, Cohort.State.CANCELLED):
        return Verdict(_("This cohort is over."))
    return verdict
