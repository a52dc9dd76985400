"""What came of a cohort, in numbers."""

from dataclasses import dataclass

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from silian.kernel.ui.charts import Chart
from silian.talent.cohorts.models import Cohort, Learner
from silian.talent.outcomes.models import Outcome

Fate, Moment = Outcome.Fate, Outcome.Moment
FEWEST = 5  # learners below which a public page gives no numbers: they would speak of persons


@dataclass(frozen=True)
class Figures:
    """The numbers of one moment."""

    quota: int
    applied: int
    taken: int  # had a place, whether or not they stayed
    completed: int
    left: int
    certificates: int
    fates: dict[str, int]
    moment: str

    @property
    def known(self) -> int:
        return sum(self.fates.values())

    @property
    def missing(self) -> int:
        """Those who completed and of whom nothing is entered for this moment."""
        return max(self.completed - self.known, 0)

    def share(self, fate: str) -> int | None:
        """Of those who completed, in percent."""
        return round(100 * self.fates.get(fate, 0) / self.completed) if self.completed else None

    @property
    def here(self) -> int | None:
        return self.share(Fate.HERE)

    @property
    def lines(self) -> list[tuple[str, int, int | None]]:
        """Each fate with its number and share."""
        return [(str(Fate(fate).label), self.fates.get(fate, 0), self.share(fate)) for fate in Fate]

    @property
    def chart(self) -> Chart:
        title = str(Moment(self.moment).label)
        labels = [label for label, _count, _share in self.lines]
        counts = [count for _label, count, _share in self.lines]
        return Chart(title, labels, {_("learners"): counts}, kind="across")


def figures_of(cohort: Cohort, moment: str = Moment.AT_END) -> Figures:
    states = dict(cohort.learners.order_by().values_list("state").annotate(Count("pk")))
    outcomes = Outcome.objects.filter(
        learner__cohort=cohort, moment=moment, learner__state=Learner.State.COMPLETED
    )
    fates = dict(outcomes.order_by().values_list("fate").annotate(Count("pk")))
    selected, completed = states.get("selected", 0), states.get("completed", 0)
    return Figures(
        quota=cohort.quota,
        applied=sum(states.values()),
        taken=selected + completed,
        completed=completed,
        left=states.get("left", 0),
        certificates=outcomes.aggregate(n=Sum("certificates"))["n"] or 0,
        fates=fates,
        moment=moment,
    )
