from datetime import date, timedelta

from silian.governance.charters.models import Post
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Seat, Term
from silian.governance.members.models import Membership, Organisation
from silian.governance.members.tests.factories import make_membership, make_organisation
from silian.kernel import clock

TERM = timedelta(days=3 * 365)


def make_member(
    consortium: Consortium, kind: str = Organisation.Kind.ENTERPRISE, **fields: object
) -> Organisation:
    """An organisation that has been a member for long."""
    facts = {"admitted_on": clock.today() - 2 * TERM} | fields
    membership: Membership = make_membership(consortium, make_organisation(kind), **facts)
    return membership.organisation


def make_seat(consortium: Consortium, post: str = Post.COUNCILLOR, **fields: object) -> Seat:
    number = consortium.seats.filter(post=post).count() + 1
    return Seat.objects.create(consortium=consortium, post=post, **({"number": number} | fields))


def make_term(
    seat: Seat,
    organisation: Organisation | None = None,
    *,
    start: date | None = None,
    **fields: object,
) -> Term:
    """An elected holder in the first half of a term, of a new member unless one is given."""
    start = start or clock.today() - timedelta(days=100)
    facts = {"person": "Li Lei", "how": Term.How.ELECTED, "end": start + TERM, "due": start + TERM}
    unit = organisation or make_member(seat.consortium)
    return Term.objects.create(seat=seat, organisation=unit, start=start, **(facts | fields))
