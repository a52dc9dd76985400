"""Who may vote in which organ."""

from datetime import timedelta

import pytest

from silian.governance.charters.models import Organ, Post, Weight
from silian.governance.charters.tests.factories import make_charter
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Term
from silian.governance.council.policy import electorate
from silian.governance.council.tests.factories import make_member, make_seat, make_term
from silian.governance.members.tests.factories import make_application, make_consortium
from silian.kernel import clock
from silian.kernel.accounts.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


def test_in_the_assembly_all_current_members_vote_but_no_guiding_body(
    consortium: Consortium,
) -> None:
    member = make_member(consortium)
    make_member(consortium, "government", part="guiding")
    make_member(consortium, state="suspended")
    make_member(consortium, admitted_on=clock.today() + timedelta(days=1))
    make_member(make_consortium())
    make_application(consortium)

    (elector,) = electorate(consortium, Organ.ASSEMBLY)

    assert (elector.organisation, elector.votes, elector.user) == (member, 1, None)


def test_votes_in_the_assembly_are_weighed_as_the_charter_says(consortium: Consortium) -> None:
    charter = make_charter(consortium)
    Weight.objects.create(charter=charter, grade="chair", votes=3)
    chair = make_member(consortium, grade="chair")
    member = make_member(consortium)

    votes = {e.organisation: e.votes for e in electorate(consortium, Organ.ASSEMBLY)}

    assert votes == {chair: 3, member: 1}


def test_in_the_council_those_who_hold_its_seats_vote(consortium: Consortium) -> None:
    user = make_user()
    chair = make_term(make_seat(consortium, Post.CHAIR), user=user)
    councillor = make_term(make_seat(consortium))
    supervisor = make_term(make_seat(consortium, Post.SUPERVISOR))
    make_term(make_seat(consortium), start=clock.today() - timedelta(days=2000))
    make_term(make_seat(make_consortium()))

    def seated(organ: str) -> list[Term]:
        found = electorate(consortium, organ)
        terms = {t.organisation_id: t for t in (chair, councillor, supervisor)}
        return [terms[e.organisation.pk] for e in found]

    assert seated(Organ.COUNCIL) == [chair, councillor]
    assert seated(Organ.STANDING) == [chair]
    assert seated(Organ.SUPERVISORS) == [supervisor]
    (first,) = electorate(consortium, Organ.STANDING)
    assert (first.person, first.user, first.votes) == ("Li Lei", user, 1)


def test_a_unit_with_two_seats_votes_once_by_whoever_stands_first(consortium: Consortium) -> None:
    unit = make_member(consortium)
    make_term(make_seat(consortium), unit, person="Councillor")
    make_term(make_seat(consortium, Post.CHAIR), unit, person="Chair")

    (elector,) = electorate(consortium, Organ.COUNCIL)

    assert elector.person == "Chair"


def test_a_suspended_or_guiding_unit_has_no_vote_in_the_council_either(
    consortium: Consortium,
) -> None:
    make_term(make_seat(consortium), make_member(consortium, state="suspended"))
    make_term(make_seat(consortium), make_member(consortium, "government", part="guiding"))
    assert electorate(consortium, Organ.COUNCIL) == []


def test_the_electorate_of_another_day_is_that_of_its_terms(consortium: Consortium) -> None:
    term = make_term(make_seat(consortium))
    assert electorate(consortium, Organ.COUNCIL, term.start - timedelta(days=1)) == []
    assert len(electorate(consortium, Organ.COUNCIL, term.start)) == 1
