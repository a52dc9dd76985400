from decimal import Decimal

from silian.education.completions.models import Completion
from silian.education.enrolments.models import Enrolment
from silian.education.enrolments.tests.factories import make_enrolment
from silian.kernel import clock


def make_completion(enrolment: Enrolment | None = None, **fields: object) -> Completion:
    """Somebody who has completed a session with eight hours."""
    enrolment = enrolment or make_enrolment(state=Enrolment.State.COMPLETED)
    facts: dict[str, object] = {"hours": Decimal(8), "completed_on": clock.today()}
    return Completion.objects.create(enrolment=enrolment, **(facts | fields))
