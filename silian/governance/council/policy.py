"""Who sits in which organ and may vote there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from silian.governance.charters.models import Organ, Post
from silian.governance.charters.policy import charter_of
from silian.governance.consortia.models import Consortium
from silian.governance.council.models import Term
from silian.governance.members.models import Membership, Organisation
from silian.kernel import clock
from silian.kernel.accounts.models import User

LEADERS = (
    Post.CHAIR,
    Post.EXECUTIVE_VICE_CHAIR,
    Post.VICE_CHAIR,
    Post.SECRETARY_GENERAL,
    Post.DEPUTY_SECRETARY_GENERAL,
)
SITS_IN = {
    Organ.COUNCIL: (*LEADERS, Post.COUNCILLOR),
    Organ.STANDING: LEADERS,
    Organ.SUPERVISORS: (Post.SUPERVISOR,),
}


@dataclass(frozen=True)
class Elector:
    """One vote or more of one unit; ``user`` is the person of a council seat, where one is named.

    Where ``user`` is None, anybody who acts for the unit may vote for it.
    """

    organisation: Organisation
    person: str = ""
    user: User | None = None
    votes: int = 1


def electorate(consortium: Consortium, organ: str, on: date | None = None) -> list[Elector]:
    """Who may vote in ``organ`` on that day (today): one unit one vote, or as the charter weighs.

    In the assembly all current members but the guiding bodies; elsewhere the holders of the
    seats that belong to the organ, each unit once.
    """
    day = on or clock.today()
    if organ == Organ.ASSEMBLY:
        return list(_assembly(consortium, day))
    terms = Term.objects.running(day).filter(
        seat__consortium=consortium, seat__post__in=SITS_IN[Organ(organ)]
    )
    seated = terms.select_related("organisation", "user", "seat").order_by("seat__pk")
    once = {term.organisation_id: term for term in reversed(seated)}
    return [Elector(t.organisation, t.person, t.user) for t in reversed(once.values())]


def _assembly(consortium: Consortium, day: date) -> Iterable[Elector]:
    charter = charter_of(consortium, day)
    votes = dict(charter.weights.values_list("grade", "votes")) if charter else {}
    members = consortium.memberships.current().exclude(part=Membership.Part.GUIDING)
    for membership in members.select_related("organisation"):
        yield Elector(membership.organisation, votes=votes.get(membership.grade, 1))
