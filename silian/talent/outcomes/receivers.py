"""Results that are still to be entered."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from silian.governance.roles.policy import organisations_of
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.notices import todos
from silian.kernel.notices.todos import Todo
from silian.talent.cohorts.models import Cohort
from silian.talent.outcomes import policy
from silian.talent.outcomes.models import Outcome

WITHIN = timedelta(days=30)  # after the end, and after half a year


@todos.source
def results_to_enter(user: User) -> Iterable[Todo]:
    """The school: at the end, and again after half a year."""
    mine = Cohort.objects.filter(school__in=organisations_of(user)).select_related("consortium")
    later = mine.filter(ends_on__lte=clock.today() - policy.LATER)
    label = _("Enter the result: %(cohort)s")
    again = _("Enter the result after half a year: %(cohort)s")
    moments = [(mine, Outcome.Moment.AT_END, label), (later, Outcome.Moment.HALF_YEAR, again)]
    for rows, moment, words in moments:
        for cohort in policy.unfinished(rows, moment):
            url = reverse("outcomes:enter", args=[cohort.consortium, cohort.pk, moment])
            since = cohort.ends_on + (
                policy.LATER if moment == Outcome.Moment.HALF_YEAR else timedelta(0)
            )
            due = make_aware(datetime.combine(since + WITHIN, time(18)))
            said = words % {"cohort": cohort.title}
            yield Todo(said, url, cohort.lacking, due=due, place=cohort.consortium.name)
