"""What an appraisal of skills finds is what certificates are issued for, and its owner is told."""

import pytest
from django.test import Client

from silian.education.results import services as results
from silian.education.results.tests.factories import (
    days_over,
    decide_turn,
    make_marked,
    published,
    turn_of,
)
from silian.governance.members.tests.factories import make_staff
from silian.talent.credentials.tests.factories import make_kind, make_officer
from silian.talent.issuing import policy, services
from silian.talent.issuing.models import Achievement
from silian.talent.issuing.tests.factories import make_batch

pytestmark = pytest.mark.django_db


def test_a_final_result_becomes_a_certificate_and_a_correction_takes_it_back(
    client: Client,
) -> None:
    appraisal = make_marked([(80, 75), (80, 40)])
    published(appraisal)
    days_over(appraisal)
    passed = appraisal.entries.order_by("number")[0]
    office = make_staff(appraisal.organiser)
    kind = make_kind(
        appraisal.consortium,
        issuer=appraisal.organiser,
        occupation=appraisal.occupation,
        publicity_days=0,
    )
    batch = make_batch(kind, by=office)
    assert not policy.waiting(batch).exists(), "results are not final"
    results.finish(appraisal, by=office)
    assert [one.person for one in policy.waiting(batch)] == [passed.person]
    services.take_achievements(batch, by=office)
    services.hand_over(batch, by=office)
    batch.refresh_from_db()
    (certificate,) = services.issue_batch(batch, by=make_officer(kind))
    assert (certificate.person, certificate.level) == (passed.person, "l4")
    client.force_login(passed.person.user)
    assert "My certificate" in client.get("/me/results/").text
    decide_turn(turn_of(passed), 30)
    results.correct(passed, reason="替考", by=office)
    assert not Achievement.objects.get().holds
