"""Who reads results, and who enters them."""

from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import Viewer
from silian.kernel import clock
from silian.kernel.verdicts import YES, Verdict
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.cohorts.policy import may_take_part, own_cohorts, school_side, visible_cohorts
from silian.talent.outcomes.figures import FEWEST
from silian.talent.outcomes.models import Outcome

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

LATER = timedelta(days=183)  # after the end, the result is asked for again


class Lacking(TypedDict):
    lacking: int


def may_enter(user: Viewer, cohort: Cohort) -> Verdict:
    """The school follows its graduates."""
    if not school_side(user, cohort):
        return Verdict(_("Only the school's own staff can do this."))
    if cohort.state != Cohort.State.FINISHED:
        return Verdict(_("The result is entered once the cohort is finished."))
    return YES


def may_read(user: Viewer, cohort: Cohort) -> Verdict:
    """Both sides and the secretariat always; everybody once it is finished and large enough."""
    if may_take_part(user, cohort):
        return YES
    completed = cohort.learners.filter(state=Learner.State.COMPLETED).count()
    if cohort.state == Cohort.State.FINISHED and completed >= FEWEST:
        return YES
    return Verdict(_("There are no public figures of this cohort."))


def later_is_due(cohort: Cohort) -> bool:
    """Has half a year passed since the end?"""
    return cohort.state == Cohort.State.FINISHED and cohort.ends_on + LATER <= clock.today()


def unfinished(
    cohorts: QuerySet[Cohort], moment: str
) -> "QuerySet[WithAnnotations[Cohort, Lacking]]":
    """Those finished whose learners lack an outcome of ``moment``; ``lacking`` says how many."""
    completed = Q(learners__state=Learner.State.COMPLETED)
    known = Outcome.objects.filter(
        learner__cohort=OuterRef("pk"), moment=moment, learner__state=Learner.State.COMPLETED
    )
    counted = known.order_by().values("learner__cohort").annotate(n=Count("pk")).values("n")
    rows = cohorts.filter(state=Cohort.State.FINISHED).annotate(
        done=Count("learners", filter=completed, distinct=True),
        known=Coalesce(Subquery(counted), 0),
    )
    return rows.annotate(lacking=F("done") - F("known")).filter(lacking__gt=0)


def compared(user: Viewer, consortium: Consortium) -> QuerySet[Cohort]:
    """Running and finished cohorts with their numbers; one's own, and others large enough."""
    rows = visible_cohorts(user).filter(consortium=consortium, state__in=["running", "finished"])
    learners = Learner.objects.filter(cohort=OuterRef("pk")).order_by().values("cohort")
    at_end = Outcome.objects.filter(
        learner__cohort=OuterRef("pk"), learner__state="completed", moment="at_end"
    )
    ended = at_end.order_by().values("learner__cohort")
    number = IntegerField()
    counts = {
        "applied": learners.annotate(n=Count("pk")),
        "completed": learners.filter(state="completed").annotate(n=Count("pk")),
        "gone": learners.filter(state="left").annotate(n=Count("pk")),
        "here": ended.filter(fate="here").annotate(n=Count("pk")),
        "elsewhere": ended.filter(fate="elsewhere").annotate(n=Count("pk")),
        "study": ended.filter(fate="study").annotate(n=Count("pk")),
        "certificates": ended.annotate(n=Sum("certificates")),
    }
    found = rows.annotate(
        **{
            name: Coalesce(Subquery(query.values("n"), output_field=number), 0)
            for name, query in counts.items()
        }
    )
    mine = Q(pk__in=own_cohorts(user).values("pk"))
    return found.filter(mine | Q(state="finished", completed__gte=FEWEST))


def outcomes_of(cohort: Cohort, moment: str) -> dict[int, Outcome]:
    """What is entered for a moment, by learner."""
    rows = Outcome.objects.filter(learner__cohort=cohort, moment=moment)
    return {outcome.learner_id: outcome for outcome in rows}
