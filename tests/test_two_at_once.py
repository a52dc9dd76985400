"""Two people do the same thing at once: one of them, or both in turn, never half of each."""

import threading
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from silian.governance.claims import services as claims
from silian.governance.claims.models import Claim
from silian.governance.directory import merging
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_organisation
from silian.governance.roles.models import Role
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry as Act
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.states import IllegalMove
from silian.talent.consents import services as consents
from silian.talent.consents.models import Consent
from silian.talent.records import services as records
from silian.talent.records.models import Entry
from silian.talent.records.tests.factories import make_entry

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each of them gave, or the IllegalMove with which it was refused."""
    start, outcomes = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        try:
            start.wait(20)
            outcomes[place] = deed()
        except IllegalMove as refused:
            outcomes[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def refusals(outcomes: list[object]) -> int:
    return sum(isinstance(one, IllegalMove) for one in outcomes)


def test_a_claim_is_decided_once() -> None:
    proof = SimpleUploadedFile("licence.pdf", b"%PDF-1.4 proof")
    claim = claims.make_claim(
        make_organisation(), by=make_user(), title="HR", statement="I work there", proof=proof
    )
    one, other = (Claim.objects.get(pk=claim.pk) for _copy in range(2))
    outcomes = at_once(
        lambda: claims.approve(one, by=make_user()),
        lambda: claims.refuse(other, by=make_user(), why="Not of this firm."),
    )
    claim.refresh_from_db()
    assert refusals(outcomes) == 1 and claim.state in ("approved", "refused")
    manages = Role.objects.filter(kind="manager", organisation=claim.organisation).exists()
    assert manages == (claim.state == "approved")


def test_two_records_of_a_firm_become_one_once() -> None:
    former, into = make_organisation(), make_organisation()
    copies = [
        (Organisation.objects.get(pk=former.pk), Organisation.objects.get(pk=into.pk))
        for _copy in range(2)
    ]
    by = make_user()
    outcomes = at_once(
        *(
            lambda pair=pair: merging.merge(*pair, by=by, reason="Same code", taking=[])
            for pair in copies
        )
    )
    assert refusals(outcomes) == 1
    assert list(Organisation.objects.filter(pk__in=[former.pk, into.pk])) == [into]


def test_a_consent_given_in_two_windows_runs_once_and_is_withdrawn_once() -> None:
    person = make_person()
    purpose = Consent.Purpose.RECOMMENDATION
    at_once(*[lambda: consents.give(person, purpose, by=person.user)] * 2)
    running = Consent.objects.running().filter(person=person)
    assert running.count() == 1 and Consent.objects.count() == 2
    copies = [Consent.objects.get(pk=running.get().pk) for _copy in range(2)]
    outcomes = at_once(*(lambda one=one: consents.withdraw(one, by=person.user) for one in copies))
    assert refusals(outcomes) == 1 and not running.exists()


def test_nobody_confirms_an_entry_that_changes_meanwhile() -> None:
    firm, person = make_organisation(), make_person()
    for _time in range(5):
        entry = make_entry(person)
        records.ask_to_confirm(entry, of=firm, by=person.user)
        mine, theirs = (Entry.objects.get(pk=entry.pk) for _copy in range(2))
        mine.text = "另一段经历"
        at_once(
            lambda mine=mine: records.save_entry(mine, by=person.user),
            lambda theirs=theirs: records.confirm(theirs, by=make_user()),
        )
        entry.refresh_from_db()
        assert entry.state == "stated", "changed after it was asked for or confirmed"
        assert entry.text == "另一段经历"
    assert Act.objects.filter(action="Entry changed").count() == 5
