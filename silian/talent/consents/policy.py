"""Whether a person allows something; every app that shows a person's data asks here."""

from silian.governance.members.models import Organisation
from silian.talent.consents.models import Consent
from silian.talent.profiles.models import Person


def consents(person: Person, purpose: str, recipient: Organisation | None = None) -> bool:
    """Does ``person`` allow ``recipient`` today to use their data for ``purpose``?"""
    running = Consent.objects.running().filter(person=person, purpose=purpose)
    return running.filter(recipient=recipient).exists()
