from decimal import Decimal

from stdnum.cn import ric

from silian.education.courses.models import Session
from silian.education.courses.terms import Payer
from silian.education.courses.tests.factories import make_session
from silian.education.enrolments.models import Enrolment
from silian.governance.members.models import Organisation
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person


def number_of(serial: int, year: int = 1990) -> str:
    """A well-formed identity number that nobody holds: 000000 names no place."""
    first17 = f"000000{year}0101{serial:03}"
    return first17 + str(ric.calc_check_digit(first17 + "0"))


def make_enrolment(
    session: Session | None = None,
    person: Person | None = None,
    state: str = Enrolment.State.ENROLLED,
    organisation: Organisation | None = None,
    **fields: object,
) -> Enrolment:
    """A place paid by the person, or by ``organisation``, a member."""
    facts: dict[str, object] = {
        "payer": Payer.MEMBER if organisation else Payer.PERSON,
        "price": Decimal(600 if organisation else 800),
    }
    return Enrolment.objects.create(
        session=session or make_session(),
        person=person or make_person(),
        organisation=organisation,
        state=state,
        **(facts | fields),
    )
