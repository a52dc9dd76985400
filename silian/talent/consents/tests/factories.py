from datetime import timedelta

from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_organisation
from silian.kernel import clock
from silian.kernel.persons.models import Person
from silian.kernel.persons.tests.factories import make_person
from silian.talent.consents import services
from silian.talent.consents.models import Consent


def make_consent(
    person: Person | None = None,
    purpose: str = Consent.Purpose.RECORD,
    recipient: Organisation | None = None,
    **facts: object,
) -> Consent:
    """A running consent; to some enterprise where the purpose has a recipient."""
    giver = person or make_person()
    if purpose != Consent.Purpose.RECOMMENDATION:
        recipient = recipient or make_organisation()
    return services.give(giver, purpose, by=giver.user, recipient=recipient, **facts)


def make_child(**fields: object) -> Person:
    """Somebody of 12 with an account."""
    return make_person(born_on=clock.today() - timedelta(days=12 * 366), **fields)
