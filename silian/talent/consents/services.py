"""Giving and withdrawing consent, and noting who looked."""

from django.db import transaction

from silian.governance.members.models import Organisation
from silian.kernel.accounts.models import User
from silian.talent.consents.models import View
from silian.talent.profiles.models import Person


@transaction.atomic
def note_view(person: Person, what: str, *, by: User, organisation: Organisation | None) -> None:
    """Keep that ``by`` saw ``what`` (a msgid) of ``person``, unless they are that person."""
    if person.user_id != by.pk:
        View.objects.create(person=person, by=by, organisation=organisation, what=what)
