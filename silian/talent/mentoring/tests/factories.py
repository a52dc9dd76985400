from itertools import count

from silian.kernel import clock
from silian.talent.cohorts.models import Cohort
from silian.talent.mentoring.models import Hours, Mentor

numbers = count(1)


def make_mentor(cohort: Cohort, of_school: bool = False, **fields: object) -> Mentor:
    """A mentor of the enterprise, or of the school."""
    side = cohort.school if of_school else cohort.enterprise
    facts: dict[str, object] = {"organisation": side, "name": f"师傅{next(numbers)}", "fee": 100}
    return Mentor.objects.create(cohort=cohort, **(facts | fields))


def make_hours(mentor: Mentor, hours: float = 4, **fields: object) -> Hours:
    facts: dict[str, object] = {"on": clock.today(), "what": "车间指导"}
    return Hours.objects.create(mentor=mentor, hours=hours, **(facts | fields))
